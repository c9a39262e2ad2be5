import { LIVE } from "../../../tests/support/test_screen.ts";
import type { Screen } from "../layout/mod.ts";
import { type Capabilities, type Command, type Context, initialUi, type Ui } from "../state/mod.ts";
import { arrangeScreen, bindingsFor, MODES } from "./bindings.ts";
import { handleEvent } from "./handle.ts";
import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";

const monitor = new FakeMonitor();
monitor.attach();
monitor.tick();

const WRITERS: Capabilities = new Set([...LIVE, "writeScreen", "writeConfiguration"]);

function contextOf(ui: Ui, capabilities = WRITERS): Context {
  return { ui, model: monitor.model(), size: { width: 120, height: 40 }, capabilities };
}

const arrangement = (ui: Ui, capabilities?: Capabilities): Screen =>
  arrangeScreen(contextOf(ui, capabilities));

/** The state and the commands after pressing keys with these configured ones. */
function press(chosen: Record<string, string[]>, ...keys: string[]): { ui: Ui; commands: Command[] } {
  let ui: Ui = { ...initialUi(4), keys: new Map(Object.entries(chosen)) };
  const commands: Command[] = [];
  for (const key of keys) {
    const text = [...key].length === 1 ? { text: key } : {};
    const outcome = handleEvent(contextOf(ui), { kind: "key", key, ...text });
    ui = outcome.ui;
    if (outcome.command) commands.push(outcome.command);
  }
  return { ui, commands };
}

Deno.test("bindingsFor() replaces the default keys of a binding by the configured ones", () => {
  const chosen = { zoom: ["Z", "Ctrl-O"] };
  assert.equal(press(chosen, "Z").ui.zoom, true);
  assert.equal(press(chosen, "Ctrl-O").ui.zoom, true);
  assert.equal(press(chosen, "z").ui.zoom, false);
  assert.equal(press(chosen, "Enter").ui.zoom, false);
});

Deno.test("bindingsFor() shows the configured keys in help and footer", () => {
  const { ui } = press({ zoom: ["Z", "Left"], pause: [" "], sideways: ["Ctrl-A", "Ctrl-B"] });
  const zoom = bindingsFor(arrangement(ui)).find(({ name }) => name === "zoom");
  assert.deepEqual([zoom?.shown, zoom?.footer?.key, zoom?.footer?.label], ["Z  ←", "Z", "Zoom"]);
  assert.equal(bindingsFor(arrangement(ui)).find(({ name }) => name === "pause")?.shown, "Space");
});

Deno.test("bindingsFor() maps the first configured key to the first default key, and so on", () => {
  const chosen = {
    pane: ["F1", "F2", "F3"],
    help: ["?"],
    "sort-next": ["Ctrl-A", "Ctrl-B"],
    sideways: ["H", "L"],
  };
  assert.equal(press(chosen, "F3").ui.focus, 2);
  const back = press(chosen, "Ctrl-B", "Ctrl-B", "Ctrl-A").ui.panes[0]?.sort;
  assert.equal(back, press({}, ">").ui.panes[0]?.sort);
  assert.equal(press(chosen, "L", "L", "H").ui.panes[0]?.shift, 8);
});

Deno.test("bindingsFor() keeps Ctrl-C for quitting in every configuration", () => {
  for (const before of [[], ["?"], ["s"], ["/"]]) {
    const { commands } = press({ quit: ["F12"] }, ...before, "q", "Ctrl-C", "F12");
    assert.deepEqual(commands, [{ kind: "quit" }, { kind: "quit" }], before.join());
  }
});

Deno.test("bindingsFor() keeps a mode's own keys beside those that were configured for all", () => {
  const chosen = { back: ["Backspace"] };
  assert.equal(press(chosen, "?", "Backspace").ui.overlay, null);
  assert.equal(press(chosen, "?", "?").ui.overlay, null);
  assert.equal(press(chosen, "?", "Esc").ui.overlay?.kind, "help");
});

Deno.test("bindingsFor() takes a configured key from the menu's own binding", () => {
  assert.deepEqual(press({ down: [" "], pause: ["P"] }, "s", " ").ui.overlay, { kind: "sort", selected: 1 });
});

Deno.test("bindingsFor() keeps characters for the filter that is being typed", () => {
  const { ui, commands } = press({ quit: ["x"], clear: ["X"], down: ["n"] }, "/", "x", "n");
  assert.deepEqual([ui.panes[0]?.filter, commands], ["xn", []]);
  const quit = bindingsFor(arrangement(ui)).find(({ name }) => name === "quit");
  assert.deepEqual(quit?.keys, ["Ctrl-C"]);
});

Deno.test("bindingsFor() returns the default bindings when nothing was configured", () => {
  assert.equal(bindingsFor(arrangement(initialUi(4))).includes(MODES.main.at(-1)!), true);
});

Deno.test("bindingsFor() returns keys for writing files only if the screen can write them", () => {
  assert.deepEqual(press({}, "o", "w", "W").commands.map(({ kind }) => kind), [
    "nextTheme",
    "writeScreen",
    "writeConfiguration",
  ]);
  const names = bindingsFor(arrangement(initialUi(4), new Set([...LIVE, "writeScreen"]))).map(({ name }) =>
    name
  );
  assert.deepEqual([names.includes("write-screen"), names.includes("write-configuration")], [true, false]);
});

Deno.test("MODES contain each key once", () => {
  for (const [mode, bindings] of Object.entries(MODES)) {
    const keys = bindings.filter(({ when }) => when === undefined).flatMap((binding) => binding.keys);
    assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), [], mode);
  }
});

Deno.test("bindingsFor() returns the same bindings, and arrangeScreen() the same hints, while the same keys work", () => {
  for (const keys of [{}, { zoom: ["Z"] }] as Record<string, string[]>[]) {
    const { ui } = press(keys);
    const [first, second] = [arrangement(ui), arrangement({ ...ui })];
    const bindings = bindingsFor(first);
    assert.equal(bindingsFor(second), bindings);
    bindings.forEach(({ footer }, i) => {
      if (footer?.labelNow === undefined) assert.equal(second.hints[i], first.hints[i]);
      assert.deepEqual(second.hints[i], first.hints[i]);
    });
    const names = bindings.map(({ name }) => name);
    const { ui: help } = press(keys, "?");
    assert.notDeepEqual(bindingsFor(arrangement(help)).map(({ name }) => name), names);
    assert.deepEqual(bindingsFor(first).map(({ name }) => name), names);
  }
});
