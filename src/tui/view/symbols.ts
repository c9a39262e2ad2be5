/**
 * The characters frames, bars and marks are made of, in UTF-8 and in ASCII.
 *
 * @module
 */

/** Code points of one cell each, and texts. */
export interface Symbols {
  readonly horizontal: number;
  readonly vertical: number;
  readonly topLeft: number;
  readonly topRight: number;
  readonly bottomLeft: number;
  readonly bottomRight: number;
  /** Sorted with the smallest first, and the largest first. */
  readonly ascending: number;
  readonly descending: number;
  /** Before a group: its rows are shown, or not. */
  readonly open: number;
  readonly closed: number;
  /** Marks cut text. */
  readonly ellipsis: string;
  /** Bars that grow upwards, from one eighth to full; in ASCII fewer steps. */
  readonly rising: readonly number[];
  /** Bars that grow to the right. */
  readonly growing: readonly number[];
  /** At the top of a bar that goes beyond the scale. */
  readonly beyond: number;
  /** An empty bar. */
  readonly baseline: number;
  /** Shades from nearly nothing to full: the cells of a heat map. */
  readonly shades: readonly number[];
  /** In a timeline: something was lost. */
  readonly loss: number;
  /** The cursor. */
  readonly cursor: number;
  /** The left edge of a bar with text in it. */
  readonly edge: number;
}

const codes = (text: string): number[] => [...text].map((char) => char.codePointAt(0) as number);
const code = (char: string): number => char.codePointAt(0) as number;

const UTF8: Symbols = {
  horizontal: code("─"),
  vertical: code("│"),
  topLeft: code("╭"),
  topRight: code("╮"),
  bottomLeft: code("╰"),
  bottomRight: code("╯"),
  ascending: code("▲"),
  descending: code("▼"),
  open: code("▾"),
  closed: code("▸"),
  ellipsis: "…",
  rising: codes("▁▂▃▄▅▆▇█"),
  growing: codes("▏▎▍▌▋▊▉█"),
  beyond: code("▲"),
  baseline: code("▁"),
  shades: codes("·░▒▓█"),
  loss: code("!"),
  cursor: code("█"),
  edge: code("▏"),
};

const ASCII: Symbols = {
  horizontal: code("-"),
  vertical: code("|"),
  topLeft: code("+"),
  topRight: code("+"),
  bottomLeft: code("+"),
  bottomRight: code("+"),
  ascending: code("^"),
  descending: code("v"),
  open: code("-"),
  closed: code("+"),
  ellipsis: "~",
  rising: codes(".:-=+*#@"),
  growing: codes("#"),
  beyond: code("^"),
  baseline: code("_"),
  shades: codes(".:+*#"),
  loss: code("!"),
  cursor: code("_"),
  edge: code("|"),
};

/** What characters may be drawn. */
export interface Characters {
  readonly symbols: Symbols;
  /** Only ASCII. */
  readonly ascii: boolean;
}

/** The symbols a terminal can show. */
export function symbolsFor(ascii: boolean): Symbols {
  return ascii ? ASCII : UTF8;
}

const PLAIN: readonly (readonly [string, string])[] = [
  ["↑", "Up"],
  ["↓", "Down"],
  ["←", "Left"],
  ["→", "Right"],
  ["…", "..."],
];

/** The program's own text, with symbols spelled out in ASCII. */
export function spell(text: string, ascii: boolean): string {
  return ascii ? PLAIN.reduce((out, [symbol, word]) => out.replaceAll(symbol, word), text) : text;
}
