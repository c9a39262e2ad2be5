import { LIVE } from "../../../tests/support/test_screen.ts";
import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { type Context, initialUi, type Ui } from "../state/mod.ts";
import type { MouseEvent } from "../terminal/mod.ts";
import { handleEvent } from "./handle.ts";

const SIZE = { width: 120, height: 40 };

/** The state after these mouse events on four running panes. */
function after(events: readonly Partial<MouseEvent>[], ui: Ui = initialUi(4)): Ui {
  const monitor = new FakeMonitor();
  monitor.attach();
  for (let i = 0; i < 20; i++) monitor.tick();
  for (const event of events) {
    const context: Context = { ui, model: monitor.model(), size: SIZE, capabilities: LIVE };
    ui = handleEvent(context, { kind: "mouse", button: "left", pressed: true, x: 0, y: 0, ...event }).ui;
  }
  return ui;
}

Deno.test("handleEvent() focuses the clicked pane, and ignores releases, header and footer", () => {
  assert.equal(after([{ x: 100, y: 10 }]).focus, 1);
  assert.equal(after([{ x: 10, y: 30 }]).focus, 2);
  assert.equal(after([{ x: 100, y: 30, pressed: false }]).focus, 0);
  assert.equal(after([{ x: 100, y: 30, button: "right" }]).focus, 0);
  assert.equal(after([{ x: 100, y: 0 }, { x: 100, y: 39 }]).focus, 0);
});

Deno.test("handleEvent() selects the clicked row", () => {
  assert.equal(after([{ x: 10, y: 3 }]).panes[0]?.selected, 0);
  assert.equal(after([{ x: 10, y: 8 }]).panes[0]?.selected, 5);
});

Deno.test("handleEvent() sorts by the clicked title, and reverses the order on the second click", () => {
  const once = after([{ x: 12, y: 2 }]);
  assert.deepEqual([once.panes[0]?.sort, once.panes[0]?.reverse], ["comm", false]);
  const twice = after([{ x: 12, y: 2 }, { x: 12, y: 2 }]);
  assert.deepEqual([twice.panes[0]?.sort, twice.panes[0]?.reverse], ["comm", true]);
});

Deno.test("handleEvent() scrolls the pane under the wheel", () => {
  const ui = after([{ x: 10, y: 10, button: "wheel-down" }, { x: 10, y: 10, button: "wheel-down" }]);
  assert.equal(ui.panes[0]?.selected, 6);
  assert.equal(after([{ x: 10, y: 10, button: "wheel-up" }], ui).panes[0]?.selected, 3);
  const help = after([{ button: "wheel-down" }], { ...initialUi(4), overlay: { kind: "help", top: 0 } });
  assert.deepEqual(help.overlay, { kind: "help", top: 1 });
});
