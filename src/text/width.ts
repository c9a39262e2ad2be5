/**
 * The width of text in terminal cells; truncating, padding and wrapping by cells. Terminals count code points, not
 * grapheme clusters: a base character takes one or two cells, the marks after it none. Text must be escaped first:
 * {@linkcode escapeText} replaces joiners and variation selectors.
 *
 * @module
 */
import { eastAsianWidth } from "get-east-asian-width";

/** A character with its combining marks: the smallest unit of drawing and truncating. */
export interface Glyph {
  readonly text: string;
  /** 1 or 2. */
  readonly cells: number;
}

/** Printable ASCII: one cell per character. */
const ASCII = /^[\x20-\x7e]*$/;

/** Marks without a cell: nonspacing and enclosing marks, Hangul vowels and finals, also archaic ones (as wcwidth(3)). */
const MARK = /^[\p{Mn}\p{Me}\u1160-\u11ff\ud7b0-\ud7c6\ud7cb-\ud7fb]$/u;

/** Maximum number of marks on one character: longer stacks ("zalgo") cover the lines above. */
const MAX_MARKS = 4;

/** Cells of one code point that starts a glyph. */
function cellsOf(code: number): number {
  return code < 0x1100 ? 1 : eastAsianWidth(code);
}

/** Splits text into glyphs; a mark without a base gets a space as its base. */
export function* glyphs(text: string): Generator<Glyph> {
  let base = "";
  let cells = 0;
  let marks = 0;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (code >= 0x300 && MARK.test(char)) {
      if (base === "") {
        base = " ";
        cells = 1;
      }
      if (marks++ < MAX_MARKS) base += char;
      continue;
    }
    if (base !== "") yield { text: base, cells };
    base = char;
    cells = cellsOf(code);
    marks = 0;
  }
  if (base !== "") yield { text: base, cells };
}

/** Width of escaped text in terminal cells. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let cells = 0;
  for (const glyph of glyphs(text)) cells += glyph.cells;
  return cells;
}

/**
 * Truncates text to at most `cells` cells, the last of them `mark`. A wide character is never split.
 *
 * @param mark One cell: `…`, or `~` if only ASCII can be shown.
 */
export function truncate(text: string, cells: number, mark = "…"): string {
  if (displayWidth(text) <= cells) return text;
  if (cells <= 0) return "";
  return take(text, cells - 1) + mark;
}

/** The longest prefix that fits into `cells` cells. */
export function take(text: string, cells: number): string {
  if (ASCII.test(text)) return text.slice(0, Math.max(0, cells));
  let out = "";
  let used = 0;
  for (const glyph of glyphs(text)) {
    used += glyph.cells;
    if (used > cells) break;
    out += glyph.text;
  }
  return out;
}

/** Text without its first `cells` cells; a wide character across the cut becomes a space. */
export function skip(text: string, cells: number): string {
  if (ASCII.test(text)) return text.slice(Math.max(0, cells));
  let out = "";
  let at = 0;
  for (const glyph of glyphs(text)) {
    if (at >= cells) out += glyph.text;
    else if (at + glyph.cells > cells) out += " ";
    at += glyph.cells;
  }
  return out;
}

/** Pads text with spaces to `cells` cells; longer text is returned unchanged. */
export function pad(text: string, cells: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, cells - displayWidth(text)));
  return align === "left" ? text + space : space + text;
}

/** Wraps text at spaces into lines of at most `width` cells; longer words are split. */
export function wrap(text: string, width: number): string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (let word of text.split(/\s+/)) {
    let cells = displayWidth(word);
    if (line !== "" && used + 1 + cells <= width) {
      line += ` ${word}`;
      used += 1 + cells;
      continue;
    }
    if (line !== "") lines.push(line);
    while (cells > width) {
      const part = take(word, width);
      if (part === "") return lines; // a wide character does not fit into one cell
      lines.push(part);
      word = skip(word, displayWidth(part));
      cells = displayWidth(word);
    }
    line = word;
    used = cells;
  }
  if (line !== "") lines.push(line);
  return lines;
}
