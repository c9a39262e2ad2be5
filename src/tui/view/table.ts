/**
 * Rows under column titles: the only table of the program.
 *
 * @module
 */
import { type Column, columnFormat, type Row, UNITS } from "../../model/mod.ts";
import { displayWidth, skip, truncate } from "../../text/mod.ts";
import { type Line, type Region, Style, type StyleId } from "../canvas/mod.ts";
import { isText, type PlacedColumn } from "../layout/mod.ts";
import type { Symbols } from "./symbols.ts";

/** What the lines of a tree are, and how its rows are placed. */
export interface TreeInput {
  readonly kinds: readonly ("open" | "closed" | "row")[];
  readonly placed: readonly PlacedColumn[];
  /** Of the tool's rows, not of its groups. */
  readonly intervalS: number;
  /** 2: the titles of its rows are below those of the groups; 1: only the titles of the selected line's columns are shown. */
  readonly titleLines: 1 | 2;
}

/** What a table shows. */
export interface TableInput {
  readonly placed: readonly PlacedColumn[];
  readonly rows: readonly Row[];
  readonly intervalS: number;
  /** The columns that order the rows: one is marked, a sum of several is not; `isOwn`: by the tool's choice, not the user's; null: nothing to mark. */
  readonly sort: {
    readonly keys: readonly string[];
    readonly descending: boolean;
    readonly isOwn: boolean;
    /** The order in words, the longest form first, for a table that does not show the columns, or if their sum orders the rows. */
    readonly words?: readonly string[];
  } | null;
  /** Index of the first row shown, and of the selected one. */
  readonly first: number;
  readonly selected: number;
  /** The selected row is marked. */
  readonly focused: boolean;
  /** Cells by which text longer than its column is moved to the left. */
  readonly shift: number;
  readonly symbols: Symbols;
  /** Absent: it is no tree. */
  readonly tree?: TreeInput;
}

/** A line of a tree that is the row of a group. */
const isLeaf = ({ tree }: TableInput, index: number): boolean => tree?.kinds[index] === "row";

function cellStyle({ key, unit, width }: Column, text: string): StyleId {
  const { kind } = UNITS[unit];
  if (kind === "identity" || kind === "time") return Style.id;
  if (key === "comm") return Style.comm;
  if (kind === "text") return width <= 2 ? Style.dim : Style.text;
  return text === "0" || text === "-" ? Style.dim : Style.text;
}

/**
 * Text that is too long for its column: its start, or its end if the column cuts the start; scrolled by `shift` cells towards the rest.
 */
function shifted(
  text: string,
  { column: { cut }, width }: PlacedColumn,
  { shift, symbols }: TableInput,
): string {
  const hidden = Math.max(0, displayWidth(text) - width);
  const scrolled = Math.min(shift, hidden);
  const skipped = cut === "start" ? hidden - scrolled : scrolled;
  if (skipped === 0) return text;
  return cut === "start" ? symbols.ellipsis + skip(text, skipped + 1) : skip(text, skipped);
}

function drawCell(line: Line, { column, x, width }: PlacedColumn, { text, style, symbols }: {
  text: string;
  style: StyleId;
  symbols: Symbols;
}): void {
  const shown = truncate(text, width, symbols.ellipsis);
  if (column.align === "right") line.put(x + width - displayWidth(shown), shown, style);
  else line.put(x, shown, style);
}

/** The order in words after the last title, in the longest form for which there is room. */
function drawOrderWords(line: Line, words: readonly string[], last: PlacedColumn | undefined): void {
  if (!last || last.column.align === "right") return;
  const x = last.x + displayWidth(last.column.title) + 2;
  const form = words.find((text) => x + displayWidth(text) <= last.x + last.width);
  if (form !== undefined) line.put(x, form, Style.dim);
}

/** The first cell of a column's title, and the cell after the last one. */
function titleCells({ column, x, width }: PlacedColumn): { start: number; end: number } {
  const title = Math.min(width, displayWidth(column.title));
  const start = column.align === "right" ? x + width - title : x;
  return { start, end: start + title };
}

/** Titles of fewer cells are too short to be covered. */
const MIN_COVERED = 3;

/** Where the sort mark is: after the title, else before it, with a blank to the next title; else over its end. */
function markAt(place: PlacedColumn, { placed }: TableInput, lineWidth: number): number {
  const { start, end } = titleCells(place);
  const others = placed.filter((other) => other !== place).map(titleCells);
  const isBlank = (x: number): boolean => others.every((other) => x < other.start || x >= other.end);
  if (end < lineWidth && isBlank(end + 1)) return end;
  if (start > 0 && isBlank(start - 2)) return start - 1;
  return end - start < MIN_COVERED && end < lineWidth ? end : end - 1;
}

/** Titles; of a tree those of the groups, or in a single line those of the selected line's columns. */
function drawHeader(line: Line, input: TableInput): void {
  const { sort, symbols, focused, selected, placed, tree } = input;
  const leaf = tree?.titleLines === 1 && focused && isLeaf(input, selected);
  const marked = sort?.keys.length === 1 ? sort.keys[0] : undefined;
  const isMarked = placed.some(({ column }) => column.key === marked);
  if (sort?.words && !leaf && (!isMarked || sort.keys.length > 1)) {
    drawOrderWords(line, sort.words, placed.at(-1));
  }
  for (const place of leaf ? tree.placed : placed) {
    const { column } = place;
    const sorted = !leaf && column.key === marked;
    const style = sorted && !sort?.isOwn ? Style.columnSort : Style.column;
    drawCell(line, place, { text: column.title, style, symbols });
    if (sorted) {
      line.glyph(
        markAt(place, input, line.width),
        sort?.descending ? symbols.descending : symbols.ascending,
        style,
      );
    }
  }
}

/** How each column writes its cells. */
type CellTexts = readonly ((row: Row) => string)[];

/** The texts of columns, for the rows on the screen. */
function cellTexts(
  { placed, intervalS }: Pick<TableInput, "placed" | "intervalS">,
  rows: readonly Row[],
): CellTexts {
  return placed.map(({ column, width }) => columnFormat(column, rows, { intervalS, cells: width }));
}

/** Draws a row with the columns of its kind. */
function drawRow(line: Line, input: TableInput, { index, texts }: { index: number; texts: CellTexts }): void {
  const { symbols, rows, tree } = input;
  const row = rows[index] as Row;
  const { placed } = tree && isLeaf(input, index) ? tree : input;
  const kind = tree?.kinds[index];
  if (kind === "open" || kind === "closed") line.glyph(0, symbols[kind], Style.dim);
  for (const [i, place] of placed.entries()) {
    const { column, width } = place;
    if (width === 0) continue;
    const text = texts[i]!(row);
    const style = cellStyle(column, text);
    drawCell(line, place, { text: isText(column) ? shifted(text, place, input) : text, style, symbols });
  }
}

/** Draws the titles and as many rows as fit. */
export function drawTable(region: Region, input: TableInput): void {
  const { rows, first, selected, focused, tree, symbols } = input;
  if (region.height < 1) return;
  drawHeader(region.line(0), input);
  const titleLines = tree?.titleLines ?? 1;
  const hasLeaves = tree?.kinds.includes("row");
  for (const place of titleLines === 2 && hasLeaves ? tree!.placed : []) {
    drawCell(region.line(1), place, { text: place.column.title, style: Style.column, symbols });
  }
  const shown = rows.slice(first, first + region.height - titleLines);
  const isShownLeaf = (_: Row, i: number): boolean => isLeaf(input, first + i);
  const texts = cellTexts(input, shown.filter((row, i) => !isShownLeaf(row, i)));
  const leafTexts = tree ? cellTexts(tree, shown.filter(isShownLeaf)) : texts;
  for (let i = 0; i < shown.length; i++) {
    const row = first + i;
    const line = region.line(titleLines + i);
    drawRow(line, input, { index: row, texts: isLeaf(input, row) ? leafTexts : texts });
    if (focused && row === selected) line.restyle(Style.selected);
  }
}
