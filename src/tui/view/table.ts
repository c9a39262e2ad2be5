/**
 * Rows under column titles: the only table of the program.
 *
 * @module
 */
import { type Column, formatCell, type Row, UNITS } from "../../model/mod.ts";
import { displayWidth, skip, truncate } from "../../text/mod.ts";
import { type Line, type Region, Style, type StyleId } from "../canvas/mod.ts";
import { isText, type PlacedColumn } from "../layout/mod.ts";
import type { Symbols } from "./symbols.ts";

/** What a table shows. */
export interface TableInput {
  readonly placed: readonly PlacedColumn[];
  readonly rows: readonly Row[];
  readonly intervalS: number;
  readonly sort: { readonly key: string; readonly descending: boolean } | null;
  /** Index of the first row shown, and of the selected one. */
  readonly first: number;
  readonly selected: number;
  /** The selected row is marked. */
  readonly focused: boolean;
  /** Cells by which text longer than its column is moved to the left. */
  readonly shift: number;
  readonly symbols: Symbols;
}

function cellStyle({ key, unit, width }: Column, text: string): StyleId {
  const { kind } = UNITS[unit];
  if (kind === "identity" || kind === "time") return Style.id;
  if (key === "comm") return Style.comm;
  if (kind === "text") return width <= 2 ? Style.dim : Style.text;
  return text === "0" || text === "-" ? Style.dim : Style.text;
}

/** Text scrolled left by `shift` cells, at most to its end. */
function shifted(text: string, width: number, shift: number): string {
  const hidden = displayWidth(text) - width;
  return shift > 0 && hidden > 0 ? skip(text, Math.min(shift, hidden)) : text;
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

function drawHeader(line: Line, { placed, sort, symbols }: TableInput): void {
  for (const place of placed) {
    const { column, x, width } = place;
    const sorted = sort?.key === column.key;
    drawCell(line, place, { text: column.title, style: sorted ? Style.columnSort : Style.column, symbols });
    if (!sorted) continue;
    const end = column.align === "right" ? x + width : x + Math.min(width, displayWidth(column.title));
    line.glyph(end, sort.descending ? symbols.descending : symbols.ascending, Style.columnSort);
  }
}

function drawRow(
  line: Line,
  placed: readonly PlacedColumn[],
  { row, input }: { row: Row; input: TableInput },
): void {
  const { symbols, shift, intervalS } = input;
  for (const place of placed) {
    const { column, width } = place;
    if (width === 0) continue;
    const text = formatCell(column, row, intervalS, width);
    const style = cellStyle(column, text);
    drawCell(line, place, { text: isText(column) ? shifted(text, width, shift) : text, style, symbols });
  }
}

/** Draws the titles and as many rows as fit. */
export function drawTable(region: Region, input: TableInput): void {
  const { placed, rows, first, selected, focused } = input;
  if (region.height < 1) return;
  drawHeader(region.line(0), input);
  for (let i = 1; i < region.height && first + i <= rows.length; i++) {
    const row = first + i - 1;
    const line = region.line(i);
    drawRow(line, placed, { row: rows[row] as Row, input });
    if (focused && row === selected) line.restyle(Style.selected);
  }
}
