/**
 * Which rows are kept when there are too many.
 *
 * @module
 */
import { compareValues } from "./columns.ts";
import { rowBytes } from "./row_bytes.ts";
import type { RowOrder, RowTest } from "./selection.ts";
import type { Row } from "./tick.ts";

/** How many of the kept rows may be those that rank first in the orders of a pane; the rest are the newest. */
export const RANKED_PART = 1 / 2;

/** Under a filter, the part of the first and that of the newest of all rows. */
const RESERVED_PART = 1 / 3;

/** Sort keys, the first row's the smallest; null: some values are no numbers. */
function sortKeys(
  candidates: readonly number[],
  rowAt: (index: number) => Row,
  { key, descending }: RowOrder,
): Float64Array | null {
  const keys = new Float64Array(candidates.length);
  for (let i = 0; i < candidates.length; i++) {
    const value = rowAt(candidates[i]!)[key];
    if (typeof value !== "number" || Number.isNaN(value)) return null;
    keys[i] = descending ? -value : value;
  }
  return keys;
}

/** The positions of the smallest keys, at most `most`, the smallest first, of equal ones the first. */
function smallestKeys(keys: Float64Array, most: number): number[] {
  // Numbers alone are sorted in a tenth of the time: the last key leaves few positions to sort.
  const last = keys.length > most ? keys.toSorted()[most - 1]! : Infinity;
  const first: number[] = [];
  for (let i = 0; i < keys.length; i++) if (keys[i]! <= last) first.push(i);
  return first.sort((a, b) => keys[a]! - keys[b]!).slice(0, most);
}

/**
 * The rows that rank first, by index: at most `most`, the first one first.
 *
 * @param candidates Indices; of equal rows those that come first here rank first.
 */
export function firstInOrder(
  candidates: readonly number[],
  rowAt: (index: number) => Row,
  rowOrder: RowOrder,
  limit: number,
): number[] {
  const { key, descending } = rowOrder;
  const most = Math.ceil(limit);
  const keys = sortKeys(candidates, rowAt, rowOrder);
  if (keys !== null) return smallestKeys(keys, most).map((at) => candidates[at]!);
  const compare = (a: Row, b: Row): number => compareValues(a[key] ?? null, b[key] ?? null, descending);
  const byRank = (a: number, b: number): number => compare(rowAt(a), rowAt(b));
  const first: number[] = [];
  let last: Row | null = null;
  for (const i of candidates) {
    if (last && compare(rowAt(i), last) >= 0) continue;
    first.push(i);
    if (first.length < 2 * most) continue;
    first.sort(byRank).length = most;
    last = rowAt(first[most - 1]!);
  }
  return first.sort(byRank).slice(0, most);
}

/** A series of rows, oldest first, and how many of them may be kept. */
export interface RowSeries {
  readonly length: number;
  rowAt(index: number): Row;
  bytesAt(index: number): number;
  /** Whether the row passes the filter of a pane. */
  isPreferred(index: number): boolean;
  /** The orders whose first rows are kept; none: the newest are. */
  readonly orders: readonly RowOrder[];
  /** Rows before this time, ISO 8601, have no rank; absent: all have. */
  readonly rankedSince?: string;
  readonly most: number;
  readonly maxBytes: number;
}

/**
 * Chooses which rows of a series to keep. Half may be those that rank first in the orders, the rest are the newest. If there are
 * preferred rows, a third (without orders two thirds) is for them, and a third each for the first and the newest of all rows: a
 * filter hides rows, but does not displace them. Room that a part does not need goes to preferred rows, then to the newest.
 * Returns a mark for each row and the bytes of the kept ones.
 */
export function chooseRows(series: RowSeries): { isKept: Uint8Array; count: number; bytes: number } {
  const { length, orders, rankedSince = "", most, maxBytes } = series;
  const isKept = new Uint8Array(length);
  let count = 0;
  let bytes = 0;
  const keep = (indices: readonly number[], part: number): void => {
    for (const i of indices) {
      if (isKept[i]) continue;
      if (count >= most * part || bytes + series.bytesAt(i) > maxBytes * part) return;
      bytes += series.bytesAt(i);
      isKept[i] = 1;
      count++;
    }
  };
  const all = Array.from({ length }, (_, i) => length - 1 - i);
  const preferred = all.filter((i) => series.isPreferred(i));
  const hasRank = (i: number): boolean =>
    rankedSince === "" || String(series.rowAt(i)["time"] ?? rankedSince) >= rankedSince;
  const keepRanked = (indices: readonly number[], from: number, to: number): void => {
    const candidates = indices.filter(hasRank);
    orders.forEach((order, n) => {
      const part = from + (to - from) * (n + 1) / orders.length;
      const left = candidates.filter((i) => !isKept[i]);
      keep(firstInOrder(left, (i) => series.rowAt(i), order, most * (to - from)), part);
    });
  };
  const isFiltered = preferred.length > 0;
  const ranked = orders.length === 0 ? 0 : isFiltered ? RESERVED_PART : RANKED_PART;
  keepRanked(all, 0, ranked);
  if (isFiltered) {
    const reserved = ranked + RESERVED_PART;
    keep(all, reserved);
    keepRanked(preferred, reserved, (1 + reserved) / 2);
    keep(preferred, 1);
  }
  keep(all, 1);
  return { isKept, count, bytes };
}

/** Which rows come first, and how many there may be. */
export interface RowLimits extends Pick<RowSeries, "most" | "maxBytes" | "orders" | "rankedSince"> {
  /** Whether a row is preferred; null: none is. */
  readonly test: RowTest | null;
}

/** As many of a series of rows, oldest first, as the limits allow, chosen by {@linkcode chooseRows}. */
export function keptRows(all: readonly Row[], { test, ...limits }: RowLimits): readonly Row[] {
  const { most, maxBytes, orders } = limits;
  const newestOnly = test === null && orders.length === 0 && all.length > most;
  const rows = newestOnly ? all.slice(all.length - most) : all;
  const sizes = rows.map((row, i) => rowBytes(row, rows[i + 1]));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (rows.length <= most && bytes <= maxBytes) return rows;
  const { isKept } = chooseRows({
    ...limits,
    length: rows.length,
    rowAt: (i) => rows[i]!,
    bytesAt: (i) => sizes[i]!,
    isPreferred: (i) => test?.(rows[i]!) ?? false,
  });
  return rows.filter((_, i) => isKept[i]);
}
