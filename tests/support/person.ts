/**
 * A person at a screen without a terminal: keys and clicks in, state, cells and actions out. Actions that change the
 * model reach the fake monitor, as the program does it.
 *
 * @module
 */
import type { Grid } from "../../src/tui/canvas/mod.ts";
import { handleEvent } from "../../src/tui/keys/mod.ts";
import {
  type Action,
  type Context,
  focused,
  followModel,
  initialUi,
  type PaneUi,
  type Ui,
  visibleRows,
} from "../../src/tui/state/mod.ts";
import type { MouseEvent } from "../../src/tui/terminal/mod.ts";
import { view } from "../../src/tui/view/mod.ts";
import { FakeMonitor, type FakeOptions } from "./fake_monitor.ts";

/** What a screen shows, a line each, without the blanks at their ends. */
export function gridText(grid: Grid): string {
  const line = (y: number): string =>
    Array.from({ length: grid.width }, (_, x) => grid.text(y * grid.width + x)).join("").trimEnd();
  return Array.from({ length: grid.height }, (_, y) => line(y)).join("\n");
}

/** A person in front of four panes, after the first tick. */
export class Person {
  readonly monitor: FakeMonitor;
  readonly actions: Action[] = [];
  readonly size: { readonly width: number; readonly height: number };
  ui: Ui = initialUi(4);

  constructor([width, height] = [120, 40], options: FakeOptions = {}) {
    this.size = { width: width!, height: height! };
    this.monitor = new FakeMonitor(options);
    this.monitor.attach();
    this.monitor.tick();
    this.monitor.onChange(() => this.ui = followModel(this.ui, this.monitor.model()));
  }

  context(): Context {
    return {
      ui: this.ui,
      model: this.monitor.model(),
      size: this.size,
      canToggleAll: true,
      canMeasureCost: true,
    };
  }

  #take({ ui, action }: { ui: Ui; action?: Action }): void {
    this.ui = ui;
    if (!action) return;
    this.actions.push(action);
    if (action.kind === "setTools") this.monitor.setTools(action.names);
    if (action.kind === "setPivot") this.monitor.setPivot(action.id);
    if (action.kind === "toggleCost") this.monitor.toggleCost();
    if (action.kind === "watch") this.monitor.watch(action.id);
  }

  press(...keys: string[]): this {
    for (const key of keys) {
      const text = key.length === 1 ? { text: key } : {};
      this.#take(handleEvent(this.context(), { kind: "key", key, ...text }));
    }
    return this;
  }

  mouse(x: number, y: number, button: MouseEvent["button"] = "left"): this {
    this.#take(handleEvent(this.context(), { kind: "mouse", button, pressed: true, x, y }));
    return this;
  }

  tick(count = 1): this {
    for (let i = 0; i < count; i++) this.monitor.tick();
    return this;
  }

  /** The focused pane's choices. */
  get pane(): PaneUi {
    return this.ui.panes[this.ui.focus] as PaneUi;
  }

  /** Names of the panes' tools. */
  get tools(): string[] {
    return this.monitor.model().tools.map(({ tool }) => tool.name);
  }

  /** The values of a column of the focused pane, as its rows stand. */
  column(key: string): (string | number | null | undefined)[] {
    const target = focused(this.context());
    return target ? visibleRows(target.tool, target.pane).map((row) => row[key]) : [];
  }

  /** The screen as text. */
  screen(ascii = false): string {
    return gridText(view({ ...this.context(), ascii }));
  }
}
