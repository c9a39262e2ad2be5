/**
 * A screen without a terminal: keys and clicks in, state, cells and commands out. Commands that change the model reach a
 * fake monitor.
 *
 * @module
 */
import type { Grid } from "../../src/tui/canvas/mod.ts";
import { arrangeScreen, handleEvent } from "../../src/tui/keys/mod.ts";
import type { Screen } from "../../src/tui/layout/mod.ts";
import {
  type Capabilities,
  type Command,
  type Context,
  followModel,
  initialUi,
  type Outcome,
  type PaneUi,
  SCREEN_COMMANDS,
  type Ui,
} from "../../src/tui/state/mod.ts";
import type { KeyEvent, MouseEvent } from "../../src/tui/terminal/mod.ts";
import { view } from "../../src/tui/view/mod.ts";
import { FakeMonitor, type FakeOptions } from "./fake_monitor.ts";

/** What a screen shows, a line each, without the blanks at their ends. */
export function gridText(grid: Grid): string {
  const line = (y: number): string =>
    Array.from({ length: grid.width }, (_, x) => grid.text(y * grid.width + x)).join("").trimEnd();
  return Array.from({ length: grid.height }, (_, y) => line(y)).join("\n");
}

/** The commands of a live monitor and of a screen that writes no files. */
export const LIVE: Capabilities = new Set([...SCREEN_COMMANDS, ...new FakeMonitor().capabilities]);

/** The commands of a replay. */
export const REPLAY: Capabilities = new Set([
  "clear",
  "setPivot",
  "togglePlayback",
  "stepPlayback",
  "jumpPlayback",
  "goToTime",
  "jumpToStart",
  "jumpToEnd",
  "changeSpeed",
]);

/** Draws a screen with the capabilities of a live monitor, unless `capabilities` overrides them. */
export function drawScreen(
  { ascii = false, capabilities = LIVE, spare = null, ...rest }: Pick<Context, "ui" | "model" | "size"> & {
    readonly capabilities?: Capabilities;
    readonly ascii?: boolean;
    readonly spare?: Grid | null;
  },
): Grid {
  return view(arrangeScreen({ ...rest, capabilities }), ascii, spare);
}

/** The context after these keys; commands are ignored. */
export function pressKeys(context: Context, ...keys: readonly string[]): Context {
  return keys.reduce((before, key) => ({ ...before, ui: handleEvent(before, keyEvent(key)).ui }), context);
}

export const keyEvent = (key: string): KeyEvent => ({
  kind: "key",
  key,
  ...(key.length === 1 ? { text: key } : {}),
});

/** Four panes after the first tick. */
export class TestScreen {
  readonly monitor: FakeMonitor;
  readonly commands: Command[] = [];
  readonly size: { readonly width: number; readonly height: number };
  ui: Ui = initialUi(4);
  #arranged: Screen | undefined;

  constructor([width, height] = [120, 40], options: FakeOptions = {}) {
    this.size = { width: width!, height: height! };
    this.monitor = new FakeMonitor(options);
    this.monitor.attach();
    this.monitor.tick();
    this.monitor.onChange(() => this.ui = followModel(this.ui, this.monitor.model()));
  }

  context(): Context {
    return { ui: this.ui, model: this.monitor.model(), size: this.size, capabilities: LIVE };
  }

  #take({ ui, command }: Outcome): void {
    this.ui = ui;
    if (!command) return;
    this.commands.push(command);
    const { kind } = command;
    if (
      kind === "setFlags" || kind === "setTools" || kind === "setPivot" || kind === "toggleCost" ||
      kind === "watchProcess"
    ) {
      this.monitor.perform(command);
    }
  }

  press(...keys: string[]): this {
    for (const key of keys) {
      this.#take(handleEvent(this.context(), keyEvent(key), () => this.arranged()));
    }
    return this;
  }

  /** Pastes text; `bracketed` false: as the characters of one read. */
  paste(text: string, bracketed = true): this {
    this.#take(handleEvent(this.context(), { kind: "paste", text, bracketed }, () => this.arranged()));
    return this;
  }

  mouse(x: number, y: number, button: MouseEvent["button"] = "left"): this {
    this.#take(
      handleEvent(this.context(), { kind: "mouse", button, pressed: true, x, y }, () => this.arranged()),
    );
    return this;
  }

  tick(count = 1): this {
    for (let i = 0; i < count; i++) this.monitor.tick();
    return this;
  }

  /** What is chosen in the focused pane. */
  get pane(): PaneUi {
    return this.ui.panes[this.ui.focus] as PaneUi;
  }

  /** Names of the panes' tools. */
  get tools(): string[] {
    return this.monitor.model().tools.map(({ tool }) => tool.name);
  }

  /** The values of a column of the focused pane, in the order of its rows. */
  column(key: string): (string | number | null | undefined)[] {
    return this.arranged().focused?.rows.map((row) => row[key]) ?? [];
  }

  /** The screen as text. */
  text(ascii = false): string {
    return gridText(this.grid(ascii));
  }

  /** The screen as cells. */
  grid(ascii = false): Grid {
    return view(this.arranged(), ascii);
  }

  /** The screen as it is arranged. */
  arranged(): Screen {
    this.#arranged = arrangeScreen(this.context(), this.#arranged);
    this.ui = this.#arranged.ui;
    return this.#arranged;
  }
}
