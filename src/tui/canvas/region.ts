/**
 * Rectangles of a grid to draw into, in their own coordinates, with everything outside clipped.
 *
 * @module
 */
import { displayWidth, take } from "../../text/mod.ts";
import type { Grid } from "./grid.ts";
import { Style, type StyleId } from "./style.ts";

/** Cells across and down. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of cells. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** One row of a region. Columns outside are clipped; each method returns the column after what it drew. */
export class Line {
  readonly width: number;
  readonly #grid: Grid;
  readonly #start: number;

  constructor(grid: Grid, start: number, width: number) {
    this.#grid = grid;
    this.#start = start;
    this.width = width;
  }

  /** Puts text at a column; what does not fit is cut without a mark. */
  put(x: number, text: string, style: StyleId = Style.text): number {
    if (x < 0 || x >= this.width) return x + displayWidth(text);
    return x + this.#grid.put(this.#start + x, text, { room: this.width - x, style });
  }

  /** Puts text that ends before column `end`. Returns the column where it starts. */
  putLeftOf(end: number, text: string, style: StyleId = Style.text): number {
    const shown = take(text, end);
    const x = end - displayWidth(shown);
    this.put(x, shown, style);
    return x;
  }

  /** Puts a code point of one cell. */
  glyph(x: number, code: number, style: StyleId): number {
    if (x >= 0 && x < this.width) this.#grid.set(this.#start + x, code, style);
    return x + 1;
  }

  /** Puts the same code point from a column up to another. */
  repeat(code: number, style: StyleId, { from, to }: { from: number; to: number }): number {
    for (let x = Math.max(0, from); x < Math.min(to, this.width); x++) this.glyph(x, code, style);
    return Math.max(from, to);
  }

  /** Gives the whole line one style; the characters stay. */
  restyle(style: StyleId): void {
    this.#grid.restyle(this.#start, this.width, style);
  }
}

/** A rectangle of a grid. */
export class Region implements Size {
  readonly width: number;
  readonly height: number;
  readonly #grid: Grid;
  readonly #x: number;
  readonly #y: number;

  constructor(grid: Grid, rect: Rect = { x: 0, y: 0, width: grid.width, height: grid.height }) {
    this.#grid = grid;
    this.#x = rect.x;
    this.#y = rect.y;
    this.width = Math.max(0, Math.min(rect.width, grid.width - rect.x));
    this.height = Math.max(0, Math.min(rect.height, grid.height - rect.y));
  }

  /** A part of this region, clipped to it. */
  part(rect: Rect): Region {
    const x = Math.min(Math.max(0, rect.x), this.width);
    const y = Math.min(Math.max(0, rect.y), this.height);
    return new Region(this.#grid, {
      x: this.#x + x,
      y: this.#y + y,
      width: Math.min(rect.width, this.width - x),
      height: Math.min(rect.height, this.height - y),
    });
  }

  /** A row of this region; a row outside has no cells. */
  line(y: number): Line {
    if (y < 0 || y >= this.height) return new Line(this.#grid, 0, 0);
    return new Line(this.#grid, (this.#y + y) * this.#grid.width + this.#x, this.width);
  }

  /** Blanks every cell. */
  clear(style: StyleId = Style.text): void {
    for (let y = 0; y < this.height; y++) this.line(y).repeat(0x20, style, { from: 0, to: this.width });
  }
}
