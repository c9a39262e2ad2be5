import { withPaneCount } from "../state/mod.ts";
import { arrangeScreen, bindingsFor } from "./bindings.ts";
import { stepInterval } from "./choose.ts";
import assert from "node:assert/strict";
import { TestScreen } from "../../../tests/support/test_screen.ts";

Deno.test("handleEvent() returns the command to quit for q, Ctrl-C and F10, also over the help", () => {
  assert.deepEqual(new TestScreen().press("q", "Ctrl-C", "F10", "?", "q").commands.map(({ kind }) => kind), [
    "quit",
    "quit",
    "quit",
    "quit",
  ]);
});

Deno.test("handleEvent() types q into the filter, and Ctrl-C still quits", () => {
  const screen = new TestScreen().press("/", "q");
  assert.deepEqual(screen.commands, []);
  assert.equal(screen.pane.filter, "q");
  assert.deepEqual(screen.press("Ctrl-C").commands, [{ kind: "quit" }]);
});

Deno.test("handleEvent() closes what is open, then clears the filter, then leaves the zoom, when Esc is pressed", () => {
  const screen = new TestScreen().press("z", "/", "n", "Enter", "?");
  assert.equal(screen.press("Esc").ui.overlay, null);
  assert.equal(screen.pane.filter, "n");
  assert.equal(screen.press("Esc").pane.filter, "");
  assert.equal(screen.ui.zoom, true);
  assert.equal(screen.press("Esc").ui.zoom, false);
  const before = screen.ui;
  assert.equal(screen.press("Esc").ui, before);
  assert.deepEqual(screen.commands, []);
});

Deno.test("handleEvent() moves the focus with Tab, Shift-Tab and digits, and ignores panes that are not there", () => {
  const screen = new TestScreen();
  assert.equal(screen.press("Tab").ui.focus, 1);
  assert.equal(screen.press("Shift-Tab", "Shift-Tab").ui.focus, 3);
  assert.equal(screen.press("Tab").ui.focus, 0);
  assert.equal(screen.press("3").ui.focus, 2);
  assert.equal(screen.press("9").ui.focus, 2);
});

Deno.test("handleEvent() keeps the selected row between the first and the last", () => {
  const screen = new TestScreen();
  assert.equal(screen.press("Up").pane.selected, 0);
  assert.equal(screen.press("j", "Down").pane.selected, 2);
  assert.equal(screen.press("G").pane.selected, 23);
  assert.equal(screen.press("Down").pane.selected, 23);
  assert.equal(screen.press("PgUp").pane.selected, 7);
  assert.equal(screen.press("Ctrl-D").pane.selected, 15);
  assert.equal(screen.press("Home").pane.selected, 0);
});

Deno.test("handleEvent() sorts by the menu's column, reverses, and steps to the next one", () => {
  const screen = new TestScreen().press("s", "Down", "Down", "Down", "Down", "Enter");
  assert.equal(screen.ui.overlay, null);
  assert.equal(screen.pane.sort, "writes");
  const writes = screen.column("writes").map(Number);
  assert.deepEqual(writes, writes.toSorted((a, b) => b - a));
  const reversed = screen.press("r").column("writes").map(Number);
  assert.deepEqual(reversed, reversed.toSorted((a, b) => a - b));
  assert.equal(screen.press(">").pane.sort, "read_bytes");
  assert.equal(screen.press("<", "<").pane.sort, "reads");
});

Deno.test("handleEvent() filters while typing, ignoring case; a leading ! negates", () => {
  const screen = new TestScreen().press("/", ..."NGINX");
  assert.deepEqual([...new Set(screen.column("comm"))], ["nginx"]);
  screen.press("Ctrl-U", ..."!nginx", "Enter");
  assert.equal(screen.column("comm").length, 21);
  assert.ok(!screen.column("comm").includes("nginx"));
  screen.press("/", "Up", "Backspace");
  assert.equal(screen.pane.filter, "!ngin");
});

Deno.test("handleEvent() keeps the model while paused; sorting and filtering still work", () => {
  const screen = new TestScreen().press(" ");
  const held = screen.monitor.model();
  screen.monitor.tick();
  assert.equal(screen.ui.paused, held);
  assert.equal(new Set(screen.press("/", ..."node").column("comm")).size, 1);
  assert.equal(screen.press("Enter", " ").ui.paused, null);
});

Deno.test("handleEvent() keeps the order of rows when it is frozen, while their values change", () => {
  const screen = new TestScreen().press("f");
  const order = screen.column("tid");
  const before = screen.column("reads");
  screen.monitor.tick();
  assert.deepEqual(screen.column("tid"), order);
  assert.notDeepEqual(screen.column("reads"), before);
  assert.notDeepEqual(screen.press("f").column("tid"), order);
});

Deno.test("handleEvent() steps the interval by 0.1 s below 1 s and by 1 s above", () => {
  assert.deepEqual(new TestScreen().press("+", "-").commands, [
    { kind: "setInterval", seconds: 2 },
    { kind: "setInterval", seconds: 0.9 },
  ]);
  const walk = (from: number, direction: 1 | -1, steps: number): number[] => {
    const seen: number[] = [];
    for (let i = 0, at = from; i < steps; i++) seen.push(at = stepInterval(at, direction));
    return seen;
  };
  assert.deepEqual(walk(0.8, 1, 4), [0.9, 1, 2, 3]);
  assert.deepEqual(walk(2, -1, 4), [1, 0.9, 0.8, 0.7]);
  assert.deepEqual(walk(1.5, -1, 2), [1, 0.9]);
  assert.deepEqual(walk(0.2, -1, 3), [0.1, 0.1, 0.1]);
  assert.deepEqual(walk(3599, 1, 2), [3600, 3600]);
});

Deno.test("handleEvent() returns the commands to clear, to show all types, to redraw and to suspend", () => {
  assert.deepEqual(new TestScreen().press("x", "a", "Ctrl-L", "Ctrl-Z").commands.map(({ kind }) => kind), [
    "clear",
    "toggleAllTypes",
    "redraw",
    "suspend",
  ]);
});

Deno.test("handleEvent() scrolls the help to its end and no further", () => {
  const screen = new TestScreen();
  assert.deepEqual(screen.press("?", "Up").ui.overlay, { kind: "help", top: 0 });
  screen.press("End");
  const last = screen.ui.overlay;
  assert.ok(last?.kind === "help" && last.top > 0 && last.top < 100);
  assert.deepEqual(screen.press("Down").ui.overlay, last);
  assert.deepEqual(screen.press("Up").ui.overlay, { kind: "help", top: last.top - 1 });
});

Deno.test("bindingsFor() lists only keys that work, each once, in every mode and pane", () => {
  const modes = [[], ["?"], ["s"], ["/"], ["2"], ["3"], ["4"], ["z"], ["t"], ["C"], ["d"], ["p"], ["4", "d"]];
  for (const keys of modes) {
    const screen = new TestScreen().press(...keys);
    const bindings = bindingsFor(screen.arranged());
    const names = bindings.flatMap((binding) => [...binding.keys]);
    assert.equal(new Set(names).size, names.length, keys.join(" "));
    for (const binding of bindings) {
      assert.notEqual(binding.shown, "");
      assert.ok(binding.help.endsWith("."), binding.help);
    }
  }
  const counters = bindingsFor(new TestScreen().press("2").arranged()).flatMap(({ keys }) => [...keys]);
  for (const key of ["s", "r", "<", "f", "d", "p"]) assert.ok(!counters.includes(key), key);
});

Deno.test("handleEvent() returns the command to measure the cost for c, but not without that capability", () => {
  const screen = new TestScreen();
  assert.deepEqual(screen.press("c").commands, [{ kind: "toggleCost" }]);
  const bindings = bindingsFor(arrangeScreen({ ...screen.context(), capabilities: new Set(["quit"]) }));
  assert.equal(bindings.some(({ name }) => name === "cost"), false);
});

Deno.test("withPaneCount() focuses a new pane, and keeps the choices of the others", () => {
  const { ui } = new TestScreen().press("/", "n", "Enter");
  const more = withPaneCount(ui, 5);
  assert.deepEqual([more.panes.length, more.focus, more.panes[0]?.filter], [5, 4, "n"]);
  const fewer = withPaneCount(more, 4);
  assert.deepEqual([fewer.panes.length, fewer.focus], [4, 3]);
  assert.equal(withPaneCount({ ...more, focus: 1 }, 4).focus, 1);
  assert.equal(withPaneCount(ui, 4), ui);
});

Deno.test("handleEvent() removes what an earlier key reported after a key that works, but no error", () => {
  const screen = new TestScreen().press("x");
  assert.match(screen.ui.message!.text, /are cleared/);
  assert.equal(screen.press("Down").ui.message, null);
  const error = { text: "Not written: disk full", kind: "error" } as const;
  screen.ui = { ...screen.ui, message: error };
  assert.equal(screen.press("Down").ui.message, error);
});
