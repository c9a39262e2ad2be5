/**
 * Which columns a table of a given width shows, and where.
 *
 * @module
 */
import { type Column, type Row, UNITS } from "../../model/mod.ts";
import { displayWidth } from "../../text/mod.ts";
import { isShown } from "../state/mod.ts";

/** Cells between two columns. */
const GAP = 1;

/** Minimum width of the column that takes the remaining width, and of other text, before other columns are hidden. */
const MIN_REST = 12;
const MIN_TEXT = 8;

/** Minimum width of text and of numbers before an essential column is hidden. */
const MIN_NARROW_TEXT = 6;
const MIN_NARROW_NUMBER = 5;

/** A column and the cells it gets. */
export interface PlacedColumn {
  readonly column: Column;
  readonly x: number;
  readonly width: number;
}

/** True for a column of text: comm, file name, type. */
export const isText = ({ unit }: Column): boolean => UNITS[unit].kind === "text";

/** The column that takes the remaining width: the last text column that is not a detail. */
function restColumn(columns: readonly Column[]): Column | null {
  return columns.findLast((column) => isText(column) && (column.priority ?? 0) >= 0) ?? null;
}

/** Minimum width of a column while columns that are not essential are hidden: names may be cut, numbers only if the column allows it. */
function minWidth(column: Column, rest: Column | null): number {
  if (!isText(column)) return column.minWidth ?? column.width;
  return Math.min(column.width, column.minWidth ?? (column === rest ? MIN_REST : MIN_TEXT));
}

/** Minimum width of an essential column: shorter names, and numbers with a suffix or fewer digits. */
function narrowWidth(column: Column): number {
  if (isText(column)) return Math.min(column.width, MIN_NARROW_TEXT);
  if (!UNITS[column.unit].shortens) return column.width;
  return Math.min(column.width, Math.max(MIN_NARROW_NUMBER, displayWidth(column.title)));
}

/** {@linkcode narrowWidth}, but no less than what a column of text asks for: addresses stay whole. */
function keepingText(column: Column): number {
  return isText(column) ? Math.min(column.width, column.minWidth ?? MIN_NARROW_TEXT) : narrowWidth(column);
}

/** Cells that columns take with the gaps between them. */
function totalWidth(columns: readonly Column[], width: (column: Column) => number): number {
  return columns.reduce((sum, column) => sum + GAP + width(column), -GAP);
}

/** Columns at least this important are narrowed before they are hidden. */
const ESSENTIAL = 1;

/** How important a column is among those shown; the columns that the user chose stay. */
function priorityOf(column: Column, rest: Column | null, kept: ReadonlySet<string>): number {
  return kept.has(column.key) ? Infinity : column.priority ?? (column === rest ? ESSENTIAL : 0);
}

/** The next column to hide below a priority: of those with the lowest, the last number, else the last text; never the only one. */
function nextToHide(columns: readonly Column[], kept: ReadonlySet<string>, below: number): Column | null {
  const rest = restColumn(columns);
  const priority = (column: Column): number => priorityOf(column, rest, kept);
  const lowest = Math.min(...columns.map(priority));
  if (columns.length < 2 || lowest >= below) return null;
  const candidates = columns.filter((column) => priority(column) === lowest);
  const numbers = candidates.filter((column) => !isText(column) && column !== columns[0]);
  return numbers.at(-1) ?? candidates.at(-1) as Column;
}

/**
 * Places columns: those marked "wide" only if everything fits; if the others do not fit either, some are hidden.
 *
 * @param kept Keys of columns that are never hidden: the one sorted by, those the user switched on.
 */
export function placeColumns(
  columns: readonly Column[],
  width: number,
  kept: ReadonlySet<string>,
): PlacedColumn[] {
  const shown = columns.filter(({ shown = "always", key }) => shown !== "data" || kept.has(key));
  const narrow = shown.filter(({ shown = "always", key }) => shown !== "wide" || kept.has(key));
  const full = (column: Column): number => column.width;
  let chosen = totalWidth(shown, full) <= width ? shown : narrow;
  const hideWhile = (least: (column: Column) => number, below: number): boolean => {
    while (totalWidth(chosen, least) > width) {
      const next = nextToHide(chosen, kept, below);
      if (next === null) return false;
      chosen = chosen.filter((column) => column !== next);
    }
    return true;
  };
  const usual = (column: Column): number => minWidth(column, restColumn(chosen));
  if (hideWhile(usual, ESSENTIAL)) return spread(chosen, width, usual);
  if (totalWidth(chosen, keepingText) <= width) return spread(chosen, width, keepingText);
  hideWhile(narrowWidth, Infinity);
  return spread(chosen, width, narrowWidth);
}

/**
 * Places columns in their full width, as many as fit: a table that is scrolled sideways. The first one is always placed;
 * text at the end is cut or takes the remaining width.
 */
function placeScrolled(columns: readonly Column[], width: number): PlacedColumn[] {
  const placed: PlacedColumn[] = [];
  let x = 0;
  for (const column of columns) {
    const room = width - x;
    if (placed.length > 0 && room < minWidth(column, null)) break;
    placed.push({ column, x, width: Math.max(0, Math.min(column.width, room)) });
    x += column.width + GAP;
  }
  const last = placed.at(-1);
  if (last && isText(last.column)) placed.splice(-1, 1, { ...last, width: Math.max(0, width - last.x) });
  return placed;
}

/** Rows whose values decide about longer columns. */
const EXAMINED_ROWS = 1000;

/** The cells that the values of a column take, up to its `maxWidth`; its width if they fit or it has none. */
function wantedWidth({ key, width, maxWidth = width }: Column, rows: readonly Row[]): number {
  if (maxWidth <= width) return width;
  const longest = rows.slice(0, EXAMINED_ROWS)
    .reduce((most, row) => Math.max(most, String(row[key] ?? "").length), width);
  return Math.min(maxWidth, longest);
}

/** Cells of text columns other than the last are shortened to the values of the rows in steps of this, so that they rarely change. */
const SHORTENED_STEP = 4;

/** Cells of the longest value of a column. */
const longestValue = ({ key }: Column, rows: readonly Row[]): number =>
  rows.slice(0, EXAMINED_ROWS).reduce((most, row) => Math.max(most, displayWidth(String(row[key] ?? ""))), 0);

/** Cells that the values of a column of text need, at least those of its title and a mark. */
function neededWidth(column: Column, rows: readonly Row[]): number {
  const longest = Math.max(longestValue(column, rows), displayWidth(column.title) + 1);
  return Math.min(column.width, Math.ceil(longest / SHORTENED_STEP) * SHORTENED_STEP);
}

/** Gives the last column, if it is text that is cut, the cells that the values of other columns of text do not need. */
function shortened(placed: readonly PlacedColumn[], rows: readonly Row[]): PlacedColumn[] {
  const last = placed.at(-1);
  if (!last || !isText(last.column) || rows.length === 0) return [...placed];
  let wanted = longestValue(last.column, rows) - last.width;
  if (wanted <= 0) return [...placed];
  let x = 0;
  const before = placed.slice(0, -1).map(({ column, width }) => {
    const spare = isText(column) && column.maxWidth === undefined ? width - neededWidth(column, rows) : 0;
    const given = Math.max(0, Math.min(spare, wanted));
    wanted -= given;
    const place = { column, x, width: width - given };
    x += place.width + GAP;
    return place;
  });
  return [...before, { ...last, x, width: last.width + last.x - x }];
}

/** Gives the cells that are left over to columns with longer values, the most important first. */
function lengthened(placed: readonly PlacedColumn[], width: number, rows: readonly Row[]): PlacedColumn[] {
  const last = placed.at(-1);
  if (!last) return [];
  let spare = width - last.x - Math.min(last.width, last.column.width);
  if (spare <= 0) return [...placed];
  const widths = new Map<Column, number>();
  for (
    const { column, width } of placed.toSorted((a, b) => (b.column.priority ?? 0) - (a.column.priority ?? 0))
  ) {
    const more = Math.max(0, Math.min(spare, wantedWidth(column, rows) - width));
    spare -= more;
    widths.set(column, width + more);
  }
  const before = placed.slice(0, -1);
  let x = 0;
  const moved = before.map(({ column }) => {
    const place = { column, x, width: widths.get(column)! };
    x += place.width + GAP;
    return place;
  });
  const rest = isText(last.column) ? width - x : widths.get(last.column)!;
  return [...moved, { ...last, x, width: Math.min(rest, width - x) }];
}

/** The columns that a table shows, and those that it does not. */
export interface TableColumns {
  readonly placed: readonly PlacedColumn[];
  /** Columns scrolled off at the left, and other columns that do not fit. */
  readonly skipped: readonly Column[];
  readonly hidden: readonly Column[];
}

/**
 * Places the columns of a table.
 *
 * @param rows Their values decide how wide columns with `maxWidth` are.
 * @param skip Steps that it is scrolled sideways: 0 fits the most important columns into the width, each further step starts
 * one column later. Where the first column is hidden without scrolling, the first step starts with it.
 */
export function tableColumns(
  columns: readonly Column[],
  width: number,
  { kept, skip, rows = [] }: { kept: ReadonlySet<string>; skip: number; rows?: readonly Row[] },
): TableColumns {
  const shown = columns.filter(isShown);
  const placement = placeColumns(columns, width, kept);
  const hasLonger = placement.some(({ column }) => column.maxWidth !== undefined);
  const fitted = shortened(hasLonger ? lengthened(placement, width, rows) : placement, rows);
  const seen = (places: readonly PlacedColumn[], column: Column | undefined): boolean =>
    places.some((place) => place.column === column && place.width > 0);
  const steps = Math.max(0, Math.min(seen(fitted, shown[0]) ? skip : skip - 1, shown.length - 1));
  const placed = skip <= 0 ? fitted : placeScrolled(shown.slice(steps), width);
  const hidden = shown.slice(steps).filter((column) => !seen(placed, column));
  return { placed, skipped: shown.slice(0, steps), hidden };
}

/** Gives each column its minimum width, then distributes the remaining width: to narrowed columns in order, then to the last text. */
function spread(
  columns: readonly Column[],
  width: number,
  leastOf: (column: Column) => number,
): PlacedColumn[] {
  const rest = restColumn(columns);
  let spare = Math.max(0, width - totalWidth(columns, leastOf));
  const widths = columns.map((column) => {
    const least = leastOf(column);
    const more = column === rest ? 0 : Math.min(spare, column.width - least);
    spare -= more;
    return least + more;
  });
  let x = 0;
  return columns.map((column, i) => {
    // It grows only as the last column: otherwise the numbers after it would be far from the rest of the row.
    const limit = i === columns.length - 1 ? Infinity : column.width;
    const cells = column === rest ? Math.min(limit, widths[i]! + spare) : widths[i]!;
    const placed = { column, x, width: Math.max(0, Math.min(cells, width - x)) };
    x += placed.width + GAP;
    return placed;
  });
}
