/**
 * Which columns a table of a given width shows, and where.
 *
 * @module
 */
import type { Column } from "../../tools/tool.ts";
import { isShown } from "./chosen_columns.ts";

/** Cells between two columns. */
const GAP = 1;

/** Fewest cells the column that takes the rest, and other text, may be squeezed to before other columns give way. */
const MIN_REST = 12;
const MIN_TEXT = 8;

/** A column and the cells it gets. */
export interface PlacedColumn {
  readonly column: Column;
  readonly x: number;
  readonly width: number;
}

/** True for a column of text: comm, file name, type. */
export const isText = ({ unit }: Column): boolean => unit === "text";

/** The column that takes what is left: the last of text. */
function restColumn(columns: readonly Column[]): Column | null {
  return columns.findLast(isText) ?? null;
}

/** Fewest cells of a column: names may be cut, numbers may not. */
function leastWidth(column: Column, rest: Column | null): number {
  if (!isText(column)) return column.width;
  return Math.min(column.width, column === rest ? MIN_REST : MIN_TEXT);
}

/** Cells that columns take with the gaps between them. */
function totalWidth(columns: readonly Column[], width: (column: Column) => number): number {
  return columns.reduce((sum, column) => sum + GAP + width(column), -GAP);
}

/** The first column that gives way: the last number, then the last text, never the only one, the sorted one or the rest. */
function dispensable(columns: readonly Column[], sortKey: string | null): Column | null {
  const rest = restColumn(columns);
  const others = columns.filter((column) => column !== rest && column.key !== sortKey);
  const numbers = others.filter((column) => !isText(column) && column !== columns[0]);
  return columns.length < 2 ? null : numbers.at(-1) ?? others.at(-1) ?? null;
}

/**
 * Places columns: those marked "wide" only where everything has room; where even the others have not, some give way.
 *
 * @param sortKey Key of the column that stays whatever happens.
 */
export function placeColumns(
  columns: readonly Column[],
  width: number,
  sortKey: string | null,
): PlacedColumn[] {
  const shown = columns.filter(({ shown = "always", key }) => shown !== "data" || key === sortKey);
  const narrow = shown.filter(({ shown = "always", key }) => shown !== "wide" || key === sortKey);
  const full = (column: Column): number => column.width;
  let chosen = totalWidth(shown, full) <= width ? shown : narrow;
  const least = (column: Column): number => leastWidth(column, restColumn(chosen));
  while (totalWidth(chosen, least) > width) {
    const victim = dispensable(chosen, sortKey);
    if (victim === null) break;
    chosen = chosen.filter((column) => column !== victim);
  }
  return spread(chosen, width);
}

/**
 * Places columns from the one after `skip` of those shown, each in its full width, as far as there is room: what a
 * table scrolled sideways shows. The first always has a place; text at the end is cut or takes what is left.
 */
function placeScrolled(shown: readonly Column[], width: number, skip: number): PlacedColumn[] {
  const placed: PlacedColumn[] = [];
  let x = 0;
  for (const column of shown.slice(Math.min(skip, shown.length - 1))) {
    const room = width - x;
    const enough = placed.length === 0 || room >= leastWidth(column, null);
    if (!enough) break;
    placed.push({ column, x, width: Math.max(0, Math.min(column.width, room)) });
    x += column.width + GAP;
  }
  const last = placed.at(-1);
  if (last && isText(last.column)) placed.splice(-1, 1, { ...last, width: Math.max(0, width - last.x) });
  return placed;
}

/** What a table of a given width shows, and what it has no room for. */
export interface TableColumns {
  readonly placed: readonly PlacedColumn[];
  /** Columns scrolled off at the left, and others for which there is no room. */
  readonly skipped: number;
  readonly hidden: number;
}

/** Places the columns of a table, scrolled sideways by `skip` columns. */
export function tableColumns(
  columns: readonly Column[],
  width: number,
  { sortKey, skip }: { sortKey: string | null; skip: number },
): TableColumns {
  const shown = columns.filter(isShown);
  const skipped = Math.max(0, Math.min(skip, shown.length - 1));
  const placed = skipped === 0 ? placeColumns(columns, width, sortKey) : placeScrolled(shown, width, skipped);
  const hidden = shown.filter((column, i) =>
    i >= skipped && !placed.some((place) => place.column === column && place.width > 0)
  );
  return { placed, skipped, hidden: hidden.length };
}

/** Gives each column its least width, then what is left to squeezed names in order, then to the one that takes the rest. */
function spread(columns: readonly Column[], width: number): PlacedColumn[] {
  const rest = restColumn(columns);
  let spare = Math.max(0, width - totalWidth(columns, (column) => leastWidth(column, rest)));
  const widths = columns.map((column) => {
    const least = leastWidth(column, rest);
    const more = column === rest ? 0 : Math.min(spare, column.width - least);
    spare -= more;
    return least + more;
  });
  let x = 0;
  return columns.map((column, i) => {
    // Followed by numbers it would tear them away from the rest of the row, so it grows only at the end.
    const limit = i === columns.length - 1 ? Infinity : column.width;
    const cells = column === rest ? Math.min(limit, widths[i]! + spare) : widths[i]!;
    const placed = { column, x, width: Math.max(0, Math.min(cells, width - x)) };
    x += placed.width + GAP;
    return placed;
  });
}
