/**
 * Styles: what a cell means. A cell holds a style's number; a theme maps each style to colours and attributes.
 *
 * @module
 */
import type { Color } from "./color.ts";

/** Meanings of cells. `text` is 0: a blank cell in the terminal's own colours. */
export const Style = {
  text: 0,
  /** Less important: units, zeros, explanations. */
  dim: 1,
  /** More important: the values of counters, names in the header. */
  strong: 2,
  /** The header line and the parts on it. */
  bar: 3,
  barStrong: 4,
  barDim: 5,
  /** The program's name at the left of the header. */
  brand: 6,
  /** PAUSED and its age. */
  banner: 7,
  /** Frames and titles of panes. */
  border: 8,
  borderFocus: 9,
  title: 10,
  titleFocus: 11,
  /** Number of a pane, keys in the footer and in the help. */
  key: 12,
  /** What a key does, in the footer. */
  keyLabel: 13,
  /** Column titles; the one sorted by. */
  column: 14,
  columnSort: 15,
  /** Cells of a table: comm, identifiers. */
  comm: 16,
  id: 17,
  /** The selected row of the focused pane. */
  selected: 18,
  /** Tier badge; warnings; losses and errors. */
  badge: 19,
  warn: 20,
  bad: 21,
  /** Active filter. */
  filter: 22,
  /** Bars from low to high. */
  barLow: 23,
  barMiddle: 24,
  barHigh: 25,
  /** Baseline of a bar that is zero. */
  barNone: 26,
  /** Cells of a heat map, from few to many. */
  heat1: 27,
  heat2: 28,
  heat3: 29,
  heat4: 30,
  heat5: 31,
  /** Bars of a flame graph: threads, functions of programs, functions of the kernel, what was searched. */
  flameThread: 32,
  flameUser: 33,
  flameKernel: 34,
  flameFound: 35,
} as const;

/** Name of a style. */
export type StyleName = keyof typeof Style;
/** Number of a style, as cells hold it. */
export type StyleId = typeof Style[StyleName];

/** How many styles there are. */
export const STYLE_COUNT = Object.keys(Style).length;

/** Colours and attributes of a style. Absent colours are the terminal's own. */
export interface StyleSpec {
  readonly fg?: Color;
  readonly bg?: Color;
  readonly bold?: boolean;
  readonly faint?: boolean;
  readonly reverse?: boolean;
  readonly underline?: boolean;
}

/** Colours and attributes for every style. */
export type Theme = Readonly<Record<StyleName, StyleSpec>>;
