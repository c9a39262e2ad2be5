/**
 * Which columns a table of a given width shows, and where.
 *
 * @module
 */
import type { Column } from "../../tools/tool.ts";

/** Cells between two columns. */
const GAP = 1;

/** Fewest cells the column that takes the rest may be squeezed to before other columns give way. */
const MIN_REST = 12;

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

/** Cells columns take with the gaps between them, the one that takes the rest counted with `restWidth`. */
function neededWidth(columns: readonly Column[], restWidth = Infinity): number {
  const rest = restColumn(columns);
  const cells = (column: Column): number =>
    column === rest ? Math.min(restWidth, column.width) : column.width;
  return columns.reduce((sum, column) => sum + GAP + cells(column), -GAP);
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
  let chosen = neededWidth(shown) <= width ? shown : narrow;
  while (neededWidth(chosen, MIN_REST) > width) {
    const victim = dispensable(chosen, sortKey);
    if (victim === null) break;
    chosen = chosen.filter((column) => column !== victim);
  }
  const rest = restColumn(chosen);
  const spare = width - neededWidth(chosen, 0);
  // Followed by numbers it would tear them away from the rest of the row, so it grows only at the end.
  const restWidth = rest === chosen.at(-1) ? spare : Math.min(spare, rest?.width ?? 0);
  let x = 0;
  return chosen.map((column) => {
    const cells = Math.min(column === rest ? restWidth : column.width, width - x);
    const placed = { column, x, width: Math.max(0, cells) };
    x += placed.width + GAP;
    return placed;
  });
}
