/**
 * A screen as cells in typed arrays.
 *
 * @module
 */
import { escapeText, glyphs } from "../../text/mod.ts";

/** Code of the second cell of a wide character. */
export const CONTINUATION = 0;

/** Set in a cell's code when combining marks follow the base; the grid's table then has the whole glyph. */
const MARKED = 0x8000_0000;

const BLANK = 0x20;

/** Shown for each cell of a character that must not be sent: `?`. */
const UNSHOWN = 0x3f;

/** Escapes text that contains unprintable characters; text that is escaped already stays as it is. */
function defend(text: string): string {
  const bare = text.replaceAll("\\", "");
  return escapeText(bare) === bare ? text : escapeText(text);
}

/**
 * Width × height cells, each a character and a style id. A cell never holds a control character, and a wide
 * character is never cut in half by the edge or by an overwritten cell.
 */
export class Grid {
  readonly width: number;
  readonly height: number;
  readonly #codes: Uint32Array;
  readonly #styles: Uint8Array;
  /** Glyphs of several code points, by cell index. */
  readonly #marked = new Map<number, string>();
  readonly ascii: boolean;

  /** @param ascii Only ASCII is written from text: on a terminal without UTF-8 other bytes could be C1 controls. */
  constructor(width: number, height: number, ascii = false) {
    this.width = width;
    this.height = height;
    this.ascii = ascii;
    this.#codes = new Uint32Array(width * height).fill(BLANK);
    this.#styles = new Uint8Array(width * height);
  }

  /** Makes every cell a blank, as in a new grid. */
  clear(): void {
    this.#codes.fill(BLANK);
    this.#styles.fill(0);
    this.#marked.clear();
  }

  /** The code point at a cell index (y × width + x); {@linkcode CONTINUATION} on the right half of a wide one. */
  code(index: number): number {
    return this.#codes[index] as number;
  }

  /** The style id at a cell index. */
  style(index: number): number {
    return this.#styles[index] as number;
  }

  /** The text of a cell: one glyph; empty on the right half of a wide one. */
  text(index: number): string {
    const code = this.#codes[index] as number;
    if (code === CONTINUATION) return "";
    return code >= MARKED ? this.#marked.get(index) as string : String.fromCodePoint(code);
  }

  /** Cells the glyph at this index takes. */
  cells(index: number): number {
    const last = index % this.width === this.width - 1;
    return !last && this.#codes[index + 1] === CONTINUATION ? 2 : 1;
  }

  /** True when the cell at an index looks the same in both grids. */
  same(other: Grid, index: number): boolean {
    const code = this.#codes[index] as number;
    return code === other.#codes[index] && this.#styles[index] === other.#styles[index] &&
      (code < MARKED || this.#marked.get(index) === other.#marked.get(index));
  }

  /** Column of the first cell of a row that looks different in another grid of this size; `width` if none does. */
  firstDifference(other: Grid, y: number): number {
    const start = y * this.width;
    const end = start + this.width;
    const [codes, otherCodes, styles, otherStyles] = [this.#codes, other.#codes, this.#styles, other.#styles];
    for (let i = start; i < end; i++) {
      const code = codes[i] as number;
      if (code !== otherCodes[i] || styles[i] !== otherStyles[i]) return i - start;
      if (code >= MARKED && this.#marked.get(i) !== other.#marked.get(i)) return i - start;
    }
    return this.width;
  }

  /** Column after the last cell of a row that is not a blank in this style. */
  contentEnd(y: number, style: number): number {
    const start = y * this.width;
    let end = start + this.width;
    while (end > start && this.#codes[end - 1] === BLANK && this.#styles[end - 1] === style) end--;
    return end - start;
  }

  /** Puts one code point of one cell: a border, a bar, a space. */
  set(index: number, code: number, style: number): void {
    this.#unpair(index);
    this.#codes[index] = code;
    this.#styles[index] = style;
  }

  /** Changes the style of `count` cells and leaves their characters. */
  restyle(index: number, count: number, style: number): void {
    this.#styles.fill(style, index, index + count);
  }

  /**
   * Puts text into at most `room` cells from an index on; what does not fit is cut, a wide character whole.
   *
   * @returns Cells written.
   */
  put(index: number, text: string, { room, style }: { room: number; style: number }): number {
    const end = Math.min(text.length, room);
    for (let i = 0; i < end; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e) {
        const from = Math.max(0, i - 1); // a mark belongs to the character before it
        return from + this.#putGlyphs(index + from, text.slice(from), { room: room - from, style });
      }
      this.set(index + i, code, style);
    }
    return Math.max(0, end);
  }

  #putGlyphs(index: number, text: string, { room, style }: { room: number; style: number }): number {
    let used = 0;
    for (const glyph of glyphs(defend(text))) {
      if (used + glyph.cells > room) break;
      const at = index + used;
      used += glyph.cells;
      const code = glyph.text.codePointAt(0) as number;
      if (this.ascii && (code > 0x7e || glyph.text.length > 1)) {
        for (let cell = at; cell < index + used; cell++) this.set(cell, UNSHOWN, style);
        continue;
      }
      const marked = glyph.text.length > (code > 0xffff ? 2 : 1);
      this.set(at, marked ? MARKED : code, style);
      if (marked) this.#marked.set(at, glyph.text);
      if (glyph.cells === 2) this.set(at + 1, CONTINUATION, style);
    }
    return used;
  }

  /** Prepares a cell for overwriting: if it holds half a wide character, the other half becomes a space. */
  #unpair(index: number): void {
    if (this.#codes[index] === CONTINUATION) this.#codes[index - 1] = BLANK;
    if (index % this.width < this.width - 1 && this.#codes[index + 1] === CONTINUATION) {
      this.#codes[index + 1] = BLANK;
    }
  }
}
