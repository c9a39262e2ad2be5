/**
 * What the screen starts with, and what it passes to the writers of files.
 *
 * @module
 */
import type { Grouping, Model, PaneSet } from "../model/mod.ts";
import type { Grid, Overrides, ThemeName } from "./canvas/mod.ts";
import { initialUi, type KeyMap, type PaneUi, type Ui } from "./state/mod.ts";

/** What is chosen for a pane before it opens. */
export interface PaneStart extends Partial<Pick<PaneUi, "sort" | "reverse" | "filter" | "by">> {
  /** Columns switched on and off, by key. */
  readonly columns?: Readonly<Record<string, boolean>>;
}

/** Choices made before the screen opens: by the configuration and the command line. */
export interface Setup {
  readonly theme: ThemeName;
  /** Styles that replace the theme's. */
  readonly overrides: Overrides;
  /** Keys that replace the default ones. */
  readonly keys: KeyMap;
  /** Mouse reports are on from the start. */
  readonly mouse: boolean;
  /** Choices per pane, in the order of the tools. */
  readonly panes: readonly PaneStart[];
  /** The named sets of panes that can be chosen. */
  readonly paneSets: readonly PaneSet[];
}

/** What the user chose while the screen was open. */
export interface ScreenChoices {
  readonly ui: Ui;
  readonly model: Model;
  readonly theme: ThemeName;
}

/** A screen to be written. */
export interface WrittenScreen {
  readonly text: string;
  /** A picture in the colours of the theme. */
  readonly svg: string;
  /** The same as an HTML page. */
  readonly html: string;
  /** The model shown, with the history until then. */
  readonly model: Model;
}

/** Writers of files. Each resolves with one line that names what was written and its path, or rejects with an Error. */
export interface ScreenFiles {
  readonly writeScreen?: (screen: WrittenScreen) => Promise<string>;
  /** Writes the configuration. */
  readonly writeConfiguration?: (choices: ScreenChoices) => Promise<string>;
}

/**
 * The choices with panes whose rows are grouped.
 *
 * @param tools Names of the panes' tools, in order.
 * @param groupings By name of tool; the panes of other tools stay as they are.
 */
export function withGroupings(
  setup: Setup,
  tools: readonly string[],
  groupings: ReadonlyMap<string, Grouping>,
): Setup {
  const panes = tools.map((name, i): PaneStart => {
    const by = groupings.get(name)?.by.key;
    return { ...setup.panes[i], ...(by === undefined ? {} : { by }) };
  });
  return { ...setup, panes };
}

/** The state at the start for this many panes. */
export function startUi(paneCount: number, setup: Setup | undefined): Ui {
  const ui = initialUi(paneCount);
  if (!setup) return ui;
  const panes = ui.panes.map((pane, i) => ({ ...pane, ...setup.panes[i] }));
  return { ...ui, panes, keys: setup.keys, mouse: setup.mouse, paneSets: setup.paneSets };
}

/** A screen as lines of text, without trailing blanks and without escape sequences. */
export function screenText(grid: Grid): string {
  let out = "";
  for (let y = 0; y < grid.height; y++) {
    let line = "";
    for (let x = 0; x < grid.width; x++) line += grid.text(y * grid.width + x);
    out += `${line.trimEnd()}\n`;
  }
  return out;
}
