import assert from "node:assert/strict";
import { TestScreen } from "../../../tests/support/test_screen.ts";
import { bindingsOf, QUESTIONS } from "../layout/mod.ts";
import { MODES } from "./bindings.ts";

const lastLine = (screen: TestScreen): string => screen.text().split("\n").at(-1) ?? "";
/** The lines of the help. */
const helpText = (screen: TestScreen): string => {
  const { text } = screen.arranged();
  assert.ok(text?.kind === "help");
  return text.lines.map(({ name, text: line }) => `${name} ${line}`.trim()).join("\n");
};

Deno.test("Tab in the help shows the questions, with the keys that answer them, and back", () => {
  const screen = new TestScreen().press("?");
  assert.match(screen.text(), /─ Help ─ Tab: What do I press for …\? ─/);
  assert.match(lastLine(screen), /Tab Questions/);
  screen.press("Tab");
  assert.match(helpText(screen), /^What do I press for …\nWhat is this server doing\?/);
  assert.match(helpText(screen), /Which program deletes files\?\nt filegone Enter\. COMM removed/);
  assert.match(lastLine(screen), /Tab Keys/);
  assert.match(helpText(screen.press("Tab")), /^Keys\n/);
});

Deno.test("the questions show configured keys, and leave out answers for which there is no key", () => {
  const screen = new TestScreen();
  screen.ui = { ...screen.ui, keys: new Map([["tools", ["T", "Ctrl-T"]], ["cost", []]]) };
  const text = helpText(screen.press("?", "Tab"));
  assert.match(text, /\nT filegone Enter\./);
  assert.doesNotMatch(text, /What does ktop itself cost/);
});

Deno.test("the answers name bindings of the panes or of a replay, and columns and flags of the tools that they name", () => {
  const names = new Set([...MODES.main, ...MODES.replay].map(({ name }) => name));
  for (const question of QUESTIONS) {
    assert.match(question.question, /^[A-Z].*\?$/);
    assert.match(question.look, /\.$/);
    for (const name of bindingsOf(question)) assert.ok(names.has(name), name);
  }
  assert.equal(new Set(QUESTIONS.map(({ question }) => question)).size, QUESTIONS.length);
});

Deno.test("/ in the help shows the entries of both pages that have every word; Enter keeps them, Esc shows all again or those that were kept", () => {
  const screen = new TestScreen().press("?", "/", ..."FILES delet");
  assert.match(lastLine(screen), /^ Search FILES delet█ +/);
  assert.match(helpText(screen), /^What do I press for …\nWhich program deletes files\?/);
  assert.doesNotMatch(helpText(screen), /Zoom/);
  screen.press("Enter", "j");
  assert.doesNotMatch(helpText(screen), /Zoom/);
  screen.press("/", ..."qqq", "Esc");
  assert.match(helpText(screen), /^What do I press for …\nWhich program deletes files\?/);
  screen.press("Esc");
  assert.match(helpText(screen), /Zoom/);
  assert.match(helpText(screen.press("/", ..."zoom the")), /^Keys\nEnter {2}z Zoom the focused pane/);
  assert.equal(helpText(screen.press(..."qqq")), "nothing matches");
  assert.deepEqual([screen.press("Esc").ui.overlay?.kind, screen.press("Esc").ui.overlay], ["help", null]);
});

Deno.test("/write in the help finds readpath, which points to the tools that name files", () => {
  const text = helpText(new TestScreen().press("?", "/", ..."write"));
  assert.match(
    text,
    /\nWhy does it take so long to read, write or open files\?\nt readpath Enter.*filetop and opensnoop/s,
  );
});

Deno.test("the help of a menu, a prompt and the details shows their keys, and closes to them", () => {
  const help = { t: "F1", s: "?", C: "?", e: "F1", "/": "F1", "@": "F1", d: "?" };
  for (const [key, opens] of Object.entries(help)) {
    const screen = new TestScreen().press(key);
    const { overlay } = screen.ui;
    screen.press(opens);
    assert.equal(screen.ui.overlay?.kind, "help", key);
    assert.match(helpText(screen), /^Keys\n[^]*(Close|Apply|Re-attach|Go to)/);
    assert.deepEqual(screen.press("Esc").ui.overlay, overlay);
  }
});

Deno.test("the details gain samples while their help is open", () => {
  const screen = new TestScreen().press("d", "?").tick(2).press("Esc");
  const { overlay } = screen.ui;
  assert.ok(overlay?.kind === "details");
  assert.equal(overlay.samples.length, 3);
});

Deno.test("/ in the menus of columns finds columns by the words of title, key and description", () => {
  for (const [keys, names] of [[["s"], ["W_Kb"]], [["C"], ["W_Kb"]], [["b", "b"], []]] as const) {
    const screen = new TestScreen().press(...keys, "/", ..."write_bytes");
    assert.deepEqual(screen.arranged().menu?.entries.map(({ name }) => name), names);
    assert.match(screen.text(), /─ write_bytes█ ─/);
  }
  const screen = new TestScreen().press("s", "/", ..."write_bytes", "Enter");
  assert.deepEqual([screen.pane.sort, screen.ui.overlay], ["write_bytes", null]);
  screen.press("s", "/", ..."default", "Enter");
  assert.equal(screen.pane.sort, null);
  const columns = new TestScreen().press("C", "/", ..."inode", " ");
  assert.equal(columns.pane.columns["inode"], true);
  assert.equal(new TestScreen().press("b", "b", "/", ..."file", "Enter").pane.by, "file");
});

Deno.test("the search of a menu selects a column found by its title before those found by description", () => {
  const screen = new TestScreen().press("s", "/", ..."says");
  assert.ok(screen.arranged().menu!.entries.length > 3);
  screen.press("Ctrl-U", "f");
  const names = screen.arranged().menu?.entries.map(({ name }) => name);
  assert.deepEqual(names?.slice(0, 2), ["default", "FILE"]);
});

Deno.test("Esc ends the search of a menu before it closes the menu, and letters are its keys again", () => {
  const screen = new TestScreen().press("s", "/", ..."qj");
  assert.deepEqual(screen.ui.overlay, { kind: "sort", selected: 0, search: "qj" });
  assert.deepEqual(screen.press("Esc").ui.overlay, { kind: "sort", selected: 0 });
  assert.deepEqual(screen.press("j").ui.overlay, { kind: "sort", selected: 1 });
  assert.equal(screen.press("s").ui.overlay, null);
  const quits = new TestScreen().press("s", "/", "Ctrl-C").commands;
  assert.deepEqual(quits, [{ kind: "quit" }]);
});
