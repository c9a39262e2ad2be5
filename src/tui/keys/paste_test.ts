import assert from "node:assert/strict";
import { TestScreen } from "../../../tests/support/test_screen.ts";

Deno.test("a paste outside a prompt changes nothing and says so", () => {
  for (const bracketed of [true, false]) {
    for (const keys of [[], ["?"], ["s"], ["d"]]) {
      const screen = new TestScreen().press(...keys);
      const { commands, ui: { message: _, ...before } } = screen;
      const sent = commands.length;
      screen.paste("wWq\nrm -rf x", bracketed);
      const { message, ...after } = screen.ui;
      assert.deepEqual(after, before);
      assert.equal(screen.commands.length, sent);
      assert.match(message?.text ?? "", /ignored .*\/ opens the filter/);
      assert.match(screen.text(), /ignored[^\n]*\n[^\n]*$/);
    }
  }
});

Deno.test("a paste into the filter is inserted, with blanks for newlines and without controls", () => {
  const screen = new TestScreen().press("/", "x", "Ctrl-U").paste("comm=nginx\n\twrites>0\x1b\x00\n");
  assert.equal(screen.pane.filter, "comm=nginx  writes>0");
  assert.equal(screen.ui.overlay?.kind, "filter");
  assert.deepEqual(screen.commands, []);
  screen.press("Ctrl-U").paste("é".repeat(5000));
  assert.equal(screen.pane.filter, "é".repeat(255));
});

Deno.test("a burst that starts with the key of a search searches the help or the menu", () => {
  const help = new TestScreen().press("?").paste("/delete", false);
  assert.match(help.text(), /Which program deletes files\?/);
  const menu = new TestScreen().press("s").paste("/W_Kb", false);
  assert.deepEqual(menu.arranged().menu?.entries.map(({ name }) => name), ["W_Kb"]);
});

Deno.test("a burst that starts with the key of the filter types the filter, up to the first Enter", () => {
  const screen = new TestScreen().paste("/nginx\nWq\n", false);
  assert.deepEqual([screen.pane.filter, screen.ui.overlay], ["nginx", null]);
  assert.deepEqual(screen.commands, []);
  screen.paste("/worker", false);
  assert.deepEqual([screen.pane.filter, screen.ui.overlay?.kind], ["worker", "filter"]);
  screen.press("Ctrl-U").paste("foo>3\n", false);
  const { overlay } = screen.ui;
  assert.ok(overlay?.kind === "filter" && overlay.text === "foo>3");
  assert.equal(screen.pane.filter, "");
});
