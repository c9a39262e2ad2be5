import assert from "node:assert/strict";
import { TestScreen } from "../../../tests/support/test_screen.ts";

const lastLine = (screen: TestScreen): string => screen.text().split("\n").at(-1) ?? "";

Deno.test("Esc in the filter prompt restores the filter and the selected row from before", () => {
  const screen = new TestScreen().press("/", ..."nginx", "Enter", "j", "j");
  const before = screen.pane;
  assert.equal(before.filter, "nginx");
  screen.press("/", "Ctrl-U", ..."comm=redis");
  assert.equal(screen.pane.filter, "comm=redis");
  screen.press("Esc");
  assert.deepEqual([screen.pane, screen.ui.overlay], [before, null]);
  assert.equal(new TestScreen().press("/", "x", "F1", "Esc", "Esc").pane.filter, "");
});

Deno.test("Enter keeps the filter prompt open while the filter is invalid, and shows the problem", () => {
  for (const invalid of ["foo>3", "writes>lots", "comm=x &&", "a || b"]) {
    const screen = new TestScreen().press("/", ..."nginx", "Enter", "/", "Ctrl-U", ...invalid, "Enter");
    assert.equal(screen.ui.overlay?.kind, "filter", invalid);
    const { problem } = screen.arranged().focused!;
    assert.ok(problem !== null && screen.text().includes(problem), `${problem}: ${lastLine(screen)}`);
    assert.equal(screen.press("Esc").pane.filter, "nginx");
  }
  const screen = new TestScreen().press("/", ..."foo>3", "Enter", "Ctrl-U", ..."writes>3", "Enter");
  assert.deepEqual([screen.pane.filter, screen.ui.overlay], ["writes>3", null]);
});

Deno.test("Enter keeps the filter prompt of counters open for a comparison, which they do not have", () => {
  const screen = new TestScreen().press("2", "/", ..."read>3", "Enter");
  assert.equal(screen.ui.overlay?.kind, "filter");
  assert.equal(screen.press("Esc").pane.filter, "");
});

Deno.test("a click on another pane closes the filter prompt; a valid filter stays, an invalid one does not", () => {
  const click = (...keys: readonly string[]): TestScreen =>
    new TestScreen().press("/", ...keys).mouse(100, 10);
  const valid = click(..."nginx");
  assert.deepEqual([valid.ui.focus, valid.ui.overlay, valid.ui.panes[0]?.filter], [1, null, "nginx"]);
  const invalid = click(..."foo>3");
  assert.deepEqual([invalid.ui.focus, invalid.ui.overlay, invalid.ui.panes[0]?.filter], [1, null, ""]);
});

Deno.test("a filter is cut at whole characters, whether it is pasted or typed", () => {
  const screen = new TestScreen().press("/").paste("😀".repeat(200)).press("x");
  assert.deepEqual([...screen.pane.filter].length, 201);
  screen.paste("😀".repeat(100)).press("x");
  assert.equal(screen.pane.filter, `${"😀".repeat(200)}x${"😀".repeat(54)}`);
});
