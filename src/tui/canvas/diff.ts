/**
 * The bytes that turn one screen into another.
 *
 * @module
 */
import { CONTINUATION, Grid } from "./grid.ts";
import type { Palette } from "./palette.ts";
import { Style } from "./style.ts";

/** DECSET 2026: the terminal shows everything between the two in one step; other terminals ignore them. */
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";

/** Longest run of unchanged plain cells that is written again instead of moving the cursor over it. */
const MAX_GAP = 4;

/** Minimum number of cells that clearing to the end of the line must save. */
const MIN_ERASE = 4;

/**
 * Code points on whose width all terminals agree: Latin, Greek and Cyrillic, punctuation, arrows, lines, blocks and triangles, kana,
 * Han, Hangul. After others (symbols, pictographs, marks, letters newer than a terminal's tables) the cursor's column is unknown.
 */
const AGREED = [
  [0x370, 0x482],
  [0x48a, 0x52f],
  [0x2010, 0x2027],
  [0x2190, 0x2193],
  [0x2500, 0x25c1],
  [0x3041, 0x3096],
  [0x30a1, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
] as const;

const isAgreed = (code: number): boolean =>
  code < 0x300 || AGREED.some(([first, last]) => code >= first && code <= last);

/** Writes cells and tracks the terminal's cursor and style. */
class Pen {
  out = "";
  readonly #to: Grid;
  readonly #palette: Palette;
  #style = Style.text as number;
  /** Position of the cursor; x is −1 where terminals may disagree. */
  #x = -1;
  #y = -1;

  constructor(to: Grid, palette: Palette) {
    this.#to = to;
    this.#palette = palette;
  }

  #move(x: number, y: number): void {
    if (y === this.#y && x === this.#x) return;
    if (y === this.#y && this.#x >= 0 && x > this.#x) {
      this.out += x - this.#x === 1 ? "\x1b[C" : `\x1b[${x - this.#x}C`;
    } else if (y === this.#y + 1 && x === 0 && this.#y >= 0) this.out += "\r\n";
    else this.out += x === 0 ? `\x1b[${y + 1}H` : `\x1b[${y + 1};${x + 1}H`;
    this.#x = x;
    this.#y = y;
  }

  #setStyle(style: number): void {
    this.out += this.#palette.change(this.#style, style);
    this.#style = style;
  }

  /** True when the unchanged cells up to `x` are cheaper to write than to jump over. */
  bridges(x: number, y: number): boolean {
    if (y !== this.#y || this.#x < 0 || x - this.#x > MAX_GAP) return false;
    for (let at = this.#x; at < x; at++) {
      const index = y * this.#to.width + at;
      const code = this.#to.code(index);
      if (code < 0x20 || code > 0x7e || this.#to.style(index) !== this.#style) return false;
    }
    return true;
  }

  /** Column after what was written last in this row; `fallback` when it was not in this row. */
  column(y: number, fallback: number): number {
    return y === this.#y && this.#x >= 0 ? this.#x : fallback;
  }

  cell(x: number, y: number): void {
    const index = y * this.#to.width + x;
    this.#move(x, y);
    this.#setStyle(this.#to.style(index));
    const text = this.#to.text(index);
    this.out += text;
    const cells = this.#to.cells(index);
    const doubtful = text.length > 1 || !isAgreed(this.#to.code(index));
    this.#x = doubtful || x + cells >= this.#to.width ? -1 : x + cells;
  }

  eraseFrom(x: number, y: number): void {
    this.#move(x, y);
    this.#setStyle(Style.text);
    this.out += "\x1b[K";
  }

  finish(): string {
    this.#setStyle(Style.text);
    return this.out;
  }
}

function diffRow(pen: Pen, y: number, { from, to }: { from: Grid; to: Grid }): void {
  const start = y * to.width;
  const first = to.firstDifference(from, y);
  if (first === to.width) return;
  const end = to.contentEnd(y, Style.text);
  const erase = from.contentEnd(y, Style.text) - Math.max(end, first) >= MIN_ERASE;
  const stop = erase ? Math.max(end, first) : to.width;
  for (let x = first; x < stop; x++) {
    if (to.same(from, start + x) || to.code(start + x) === CONTINUATION) continue;
    if (pen.bridges(x, y)) { for (let gap = pen.column(y, x); gap < x; gap++) pen.cell(gap, y); }
    pen.cell(x, y);
  }
  if (erase) pen.eraseFrom(stop, y);
}

/**
 * The bytes that change a terminal from `from` to `to`. The cursor may be anywhere before and after; the style is the
 * terminal's own before and after. Automatic wrap must be off (DECAWM).
 *
 * @param from What the terminal shows; null, or another size: unknown, so everything is cleared and drawn.
 * @returns Empty when nothing changed; else one synchronized update.
 */
export function diff(from: Grid | null, to: Grid, palette: Palette): string {
  const known = from !== null && from.width === to.width && from.height === to.height;
  const base = known ? from : new Grid(to.width, to.height);
  const pen = new Pen(to, palette);
  for (let y = 0; y < to.height; y++) diffRow(pen, y, { from: base, to });
  const body = pen.finish();
  if (known) return body === "" ? "" : BEGIN + body + END;
  return `${BEGIN}\x1b[m\x1b[2J${body}${END}`;
}
