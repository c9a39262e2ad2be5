import assert from "node:assert/strict";
import { Person } from "../../../tests/support/person.ts";
import { withPaneCount } from "../state/mod.ts";
import { bindingsFor } from "./bindings.ts";
import { stepInterval } from "./choose.ts";

Deno.test("handleEvent() asks to quit when q, Ctrl-C or F10 is pressed, also over the help", () => {
  assert.deepEqual(new Person().press("q", "Ctrl-C", "F10", "?", "q").actions.map(({ kind }) => kind), [
    "quit",
    "quit",
    "quit",
    "quit",
  ]);
});

Deno.test("handleEvent() types q into the filter, and Ctrl-C still quits", () => {
  const person = new Person().press("/", "q");
  assert.deepEqual(person.actions, []);
  assert.equal(person.pane.filter, "q");
  assert.deepEqual(person.press("Ctrl-C").actions, [{ kind: "quit" }]);
});

Deno.test("handleEvent() closes what is open, then clears the filter, then leaves the zoom, when Esc is pressed", () => {
  const person = new Person().press("z", "/", "n");
  assert.equal(person.press("Esc").ui.overlay, null);
  assert.equal(person.pane.filter, "n");
  assert.equal(person.press("Esc").pane.filter, "");
  assert.equal(person.ui.zoom, true);
  assert.equal(person.press("Esc").ui.zoom, false);
  const before = person.ui;
  assert.equal(person.press("Esc").ui, before);
  assert.deepEqual(person.actions, []);
});

Deno.test("handleEvent() moves the focus with Tab, Shift-Tab and digits, and ignores panes that are not there", () => {
  const person = new Person();
  assert.equal(person.press("Tab").ui.focus, 1);
  assert.equal(person.press("Shift-Tab", "Shift-Tab").ui.focus, 3);
  assert.equal(person.press("Tab").ui.focus, 0);
  assert.equal(person.press("3").ui.focus, 2);
  assert.equal(person.press("9").ui.focus, 2);
});

Deno.test("handleEvent() keeps the selected row between the first and the last", () => {
  const person = new Person();
  assert.equal(person.press("Up").pane.selected, 0);
  assert.equal(person.press("j", "Down").pane.selected, 2);
  assert.equal(person.press("G").pane.selected, 23);
  assert.equal(person.press("Down").pane.selected, 23);
  assert.equal(person.press("PgUp").pane.selected, 7);
  assert.equal(person.press("Ctrl-D").pane.selected, 15);
  assert.equal(person.press("Home").pane.selected, 0);
});

Deno.test("handleEvent() sorts by the menu's column, reverses, and steps to the next one", () => {
  const person = new Person().press("s", "Down", "Down", "Down", "Enter");
  assert.equal(person.ui.overlay, null);
  assert.equal(person.pane.sort, "writes");
  const writes = person.column("writes").map(Number);
  assert.deepEqual(writes, writes.toSorted((a, b) => b - a));
  const reversed = person.press("r").column("writes").map(Number);
  assert.deepEqual(reversed, reversed.toSorted((a, b) => a - b));
  assert.equal(person.press(">").pane.sort, "read_bytes");
  assert.equal(person.press("<", "<").pane.sort, "reads");
});

Deno.test("handleEvent() filters as is typed, without regard to case; a leading ! inverts", () => {
  const person = new Person().press("/", ..."NGINX");
  assert.deepEqual([...new Set(person.column("comm"))], ["nginx"]);
  person.press("Ctrl-U", ..."!nginx", "Enter");
  assert.equal(person.column("comm").length, 21);
  assert.ok(!person.column("comm").includes("nginx"));
  person.press("/", "Backspace");
  assert.equal(person.pane.filter, "!ngin");
});

Deno.test("handleEvent() holds the model while paused; sorting and filtering stay alive", () => {
  const person = new Person().press(" ");
  const held = person.monitor.model();
  person.monitor.tick();
  assert.equal(person.ui.paused, held);
  assert.equal(new Set(person.press("/", ..."node").column("comm")).size, 1);
  assert.equal(person.press("Enter", " ").ui.paused, null);
});

Deno.test("handleEvent() keeps the order of rows when it is frozen, while their values change", () => {
  const person = new Person().press("f");
  const order = person.column("tid");
  const before = person.column("reads");
  person.monitor.tick();
  assert.deepEqual(person.column("tid"), order);
  assert.notDeepEqual(person.column("reads"), before);
  assert.notDeepEqual(person.press("f").column("tid"), order);
});

Deno.test("handleEvent() asks for intervals in steps of 0.1 s below 1 s and of 1 s above", () => {
  assert.deepEqual(new Person().press("+", "-").actions, [
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

Deno.test("handleEvent() asks the monitor to clear and to show all types, and the terminal to redraw and suspend", () => {
  assert.deepEqual(new Person().press("x", "a", "Ctrl-L", "Ctrl-Z").actions.map(({ kind }) => kind), [
    "clear",
    "toggleAll",
    "redraw",
    "suspend",
  ]);
});

Deno.test("handleEvent() scrolls the help to its end and no further", () => {
  const person = new Person();
  assert.deepEqual(person.press("?", "Up").ui.overlay, { kind: "help", top: 0 });
  person.press("End");
  const last = person.ui.overlay;
  assert.ok(last?.kind === "help" && last.top > 0 && last.top < 100);
  assert.deepEqual(person.press("Down").ui.overlay, last);
  assert.deepEqual(person.press("Up").ui.overlay, { kind: "help", top: last.top - 1 });
});

Deno.test("bindingsFor() lists only keys that work, each once, in every mode and pane", () => {
  const modes = [[], ["?"], ["s"], ["/"], ["2"], ["3"], ["4"], ["z"], ["t"], ["C"], ["d"], ["p"], ["4", "d"]];
  for (const keys of modes) {
    const person = new Person().press(...keys);
    const bindings = bindingsFor(person.context());
    const names = bindings.flatMap((binding) => [...binding.keys]);
    assert.equal(new Set(names).size, names.length, keys.join(" "));
    for (const binding of bindings) {
      assert.notEqual(binding.shown, "");
      assert.ok(binding.help.endsWith("."), binding.help);
    }
  }
  const counters = bindingsFor(new Person().press("2").context()).flatMap(({ keys }) => [...keys]);
  for (const key of ["s", "r", "<", "f", "d", "p"]) assert.ok(!counters.includes(key), key);
});

Deno.test("handleEvent() asks to measure the cost when c is pressed, and not where nothing can be measured", () => {
  const person = new Person();
  assert.deepEqual(person.press("c").actions, [{ kind: "toggleCost" }]);
  const bindings = bindingsFor({ ...person.context(), canMeasureCost: false });
  assert.equal(bindings.some(({ name }) => name === "cost"), false);
});

Deno.test("withPaneCount() focuses a pane that is new, and keeps the choices of the others", () => {
  const { ui } = new Person().press("/", "n", "Enter");
  const more = withPaneCount(ui, 5);
  assert.deepEqual([more.panes.length, more.focus, more.panes[0]?.filter], [5, 4, "n"]);
  const fewer = withPaneCount(more, 4);
  assert.deepEqual([fewer.panes.length, fewer.focus], [4, 3]);
  assert.equal(withPaneCount({ ...more, focus: 1 }, 4).focus, 1);
  assert.equal(withPaneCount(ui, 4), ui);
});
