/**
 * The state of the screen.
 *
 * @module
 */
import type { Size } from "../canvas/mod.ts";
import type { Capabilities, Command } from "./command.ts";
import { type Column, isList, type Model, type Row, textColumns, type ToolModel } from "../../model/mod.ts";

/** What is chosen in one pane. */
export interface PaneUi {
  /** Key of the column rows are sorted by; null: the tool's own choice. */
  readonly sort: string | null;
  /** The other way round than usual (numbers: largest first; text: from A). */
  readonly reverse: boolean;
  /** What rows must hold, as parseFilter() reads it; empty: all rows. */
  readonly filter: string;
  /** Index of the selected row. */
  readonly selected: number;
  /** Index of the first row shown. */
  readonly top: number;
  /** Cells by which long text is moved to the left. */
  readonly shift: number;
  /** Columns that are scrolled off at the left. */
  readonly skip: number;
  /** Columns switched on and off by the person, by key; the others are shown as the tool says. */
  readonly columns: Readonly<Record<string, boolean>>;
  /** Identities of the rows in the order that was frozen; null: sorted anew on each tick. */
  readonly frozen: readonly string[] | null;
  /** Which of the tool's views it shows when zoomed (views.ts); 0: the first. */
  readonly view: number;
}

/** What lies over the panes or takes the keys. */
export type Overlay =
  | { readonly kind: "help"; readonly top: number }
  | { readonly kind: "sort"; readonly selected: number }
  | { readonly kind: "columns"; readonly selected: number }
  | { readonly kind: "tools"; readonly selected: number }
  | Details
  | { readonly kind: "filter" };

/** The details of one row, which stay open while ticks go by. */
export interface Details {
  readonly kind: "details";
  /** Index of the first line shown. */
  readonly top: number;
  /** What makes the row known again in the next tick. */
  readonly identity: string;
  /** The row as it was last seen. */
  readonly row: Row;
  /** It was in the last tick. */
  readonly present: boolean;
  /** Tables: what each tick since the details were opened said of the row, null where it was not in it; bounded. */
  readonly samples: readonly (Row | null)[];
  /** Time of the tick that was sampled last. */
  readonly sampledAt: number;
}

/** An overlay that is a menu. */
export type MenuOverlay = Extract<Overlay, { selected: number }>;

/** The open overlay when it is a menu. */
export function openMenu(overlay: Overlay | null): MenuOverlay | null {
  return overlay !== null && "selected" in overlay ? overlay : null;
}

/** A line that stands in the footer for a few seconds. */
export interface Message {
  /** One line, escaped. */
  readonly text: string;
  readonly kind: "info" | "error";
}

/** Keys by name of binding, as {@linkcode KeyEvent} has them. */
export type KeyMap = ReadonlyMap<string, readonly string[]>;

/** No key but the usual ones. */
export const USUAL_KEYS: KeyMap = new Map();

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
  /** What was just done, or went wrong; whoever sets it need not take it away: the screen does, in time. */
  readonly message: Message | null;
  /** Keys that the configuration gave to bindings, by name. */
  readonly keys: KeyMap;
}

/** What a key handler returns: the state after it, and what else is to be done. */
export interface Outcome {
  readonly ui: Ui;
  readonly command?: Command;
}

/** What a key handler sees. */
export interface Context {
  readonly ui: Ui;
  /** The newest model. */
  readonly model: Model;
  readonly size: Size;
  /** What can be asked for here. */
  readonly capabilities: Capabilities;
}

/** A pane in which nothing was chosen. */
export const INITIAL_PANE: PaneUi = {
  sort: null,
  reverse: false,
  filter: "",
  selected: 0,
  top: 0,
  shift: 0,
  skip: 0,
  columns: {},
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
    message: null,
    keys: USUAL_KEYS,
  };
}

/** The state with as many panes as the model on the screen has. A pane that is new at the end is focused; focus on one that is gone goes to the last. */
export function withPaneCount(ui: Ui, count: number): Ui {
  const had = ui.panes.length;
  if (count === had) return ui;
  const added = Array.from({ length: Math.max(0, count - had) }, () => INITIAL_PANE);
  const focus = count > had ? count - 1 : Math.max(0, Math.min(ui.focus, count - 1));
  return { ...ui, focus, panes: [...ui.panes.slice(0, count), ...added], overlay: null };
}

/** The model on the screen: the frozen one while paused. */
export function shownModel(ui: Ui, model: Model): Model {
  return ui.paused ?? model;
}

/** The state with the focused pane changed. */
export function withPane(ui: Ui, change: Partial<PaneUi>): Ui {
  return { ...ui, panes: ui.panes.map((pane, i) => i === ui.focus ? { ...pane, ...change } : pane) };
}

/** Columns the rows of a tool can be sorted by, in the order of the menu; none where there is nothing to sort. */
export function sortChoices({ tool }: ToolModel): readonly Column[] {
  return isList(tool) ? textColumns(tool, true) : [];
}

/** A value kept between two bounds; the lower wins. */
export const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(value, high));
