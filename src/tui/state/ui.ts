/**
 * The state of the screen.
 *
 * @module
 */
import type { Model, ToolModel } from "../../monitor/model.ts";
import type { ReplayCommand } from "../../monitor/replay/status.ts";
import { isList, textColumns } from "../../tools/columns.ts";
import type { Column } from "../../tools/tool.ts";
import type { Size } from "../canvas/mod.ts";

/** What is chosen in one pane. */
export interface PaneUi {
  /** Key of the column rows are sorted by; null: the tool's own choice. */
  readonly sort: string | null;
  /** The other way round than usual (numbers: largest first; text: from A). */
  readonly reverse: boolean;
  /** Text rows must hold; a leading `!` inverts; empty: all rows. */
  readonly filter: string;
  /** Index of the selected row. */
  readonly selected: number;
  /** Index of the first row shown. */
  readonly top: number;
  /** Cells by which long text is moved to the left. */
  readonly shift: number;
  /** Identities of the rows in the order that was frozen; null: sorted anew on each tick. */
  readonly frozen: readonly string[] | null;
  /** Which of the tool's views it shows when zoomed (views.ts); 0: the first. */
  readonly view: number;
}

/** What lies over the panes or takes the keys. */
export type Overlay =
  | { readonly kind: "help"; readonly top: number }
  | { readonly kind: "sort"; readonly selected: number }
  | { readonly kind: "filter" };

/** All that the person chose. */
export interface Ui {
  /** Index of the focused pane. */
  readonly focus: number;
  /** The focused pane alone fills the screen. */
  readonly zoom: boolean;
  /** One per tool of the model. */
  readonly panes: readonly PaneUi[];
  readonly overlay: Overlay | null;
  /** The model that stays on the screen while paused, of then or of an earlier moment; null: the newest is shown. */
  readonly paused: Model | null;
  /** The mouse is listened to; the terminal can then not select text. */
  readonly mouse: boolean;
}

/** What the program must do beyond changing the state. */
export type Action =
  | { readonly kind: "quit" }
  | { readonly kind: "suspend" }
  | { readonly kind: "redraw" }
  | { readonly kind: "clear" }
  | { readonly kind: "toggleAll" }
  | { readonly kind: "setMouse"; readonly on: boolean }
  | { readonly kind: "setInterval"; readonly seconds: number }
  | { readonly kind: "replay"; readonly command: ReplayCommand };

/** What a key handler returns: the state after it, and what else is to be done. */
export interface Outcome {
  readonly ui: Ui;
  readonly action?: Action;
}

/** What a key handler sees. */
export interface Context {
  readonly ui: Ui;
  /** The newest model. */
  readonly model: Model;
  readonly size: Size;
  /** The monitor can be asked for all file types. */
  readonly canToggleAll: boolean;
}

const INITIAL_PANE: PaneUi = {
  sort: null,
  reverse: false,
  filter: "",
  selected: 0,
  top: 0,
  shift: 0,
  frozen: null,
  view: 0,
};

/** The state at the start: first pane focused, nothing chosen. */
export function initialUi(paneCount: number): Ui {
  return {
    focus: 0,
    zoom: false,
    panes: Array.from({ length: paneCount }, () => INITIAL_PANE),
    overlay: null,
    paused: null,
    mouse: false,
  };
}

/** The model on the screen: the frozen one while paused. */
export function shownModel(ui: Ui, model: Model): Model {
  return ui.paused ?? model;
}

/** The focused pane's tool and state; null when there is no pane. */
export function focused({ ui, model }: Context): { tool: ToolModel; pane: PaneUi } | null {
  const tool = shownModel(ui, model).tools[ui.focus];
  const pane = ui.panes[ui.focus];
  return tool && pane ? { tool, pane } : null;
}

/** The state with the focused pane changed. */
export function withPane(ui: Ui, change: Partial<PaneUi>): Ui {
  return { ...ui, panes: ui.panes.map((pane, i) => i === ui.focus ? { ...pane, ...change } : pane) };
}

/** Columns the rows of a tool can be sorted by, in the order of the menu; none where there is nothing to sort. */
export function sortChoices({ tool }: ToolModel): readonly Column[] {
  return isList(tool) ? textColumns(tool, true) : [];
}
