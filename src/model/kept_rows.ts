/**
 * Which rows are kept when there are too many.
 *
 * @module
 */
import { compareValues } from "./columns.ts";
import { rowBytes } from "./row_bytes.ts";
import type { RowOrder, RowTest } from "./selection.ts";
import type { Row } from "./tick.ts";

/** How many of the kept rows may be those that rank first in the order of a pane; the rest are the newest. */
export const RANKED_PART = 1 / 2;

/**
 * The rows that rank first, by index: at most `most`, the first one first.
 *
 * @param candidates Indices; of equal rows those that come first here rank first.
 */
export function firstInOrder(
  candidates: readonly number[],
  rowAt: (index: number) => Row,
  { key, descending }: RowOrder,
  most: number,
): number[] {
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
  /** Rows that are dropped last. */
  isPreferred(index: number): boolean;
  /** The order of the pane; null: newest first. */
  readonly order: RowOrder | null;
  /** Rows before this time, ISO 8601, have no rank; absent: all have. */
  readonly rankedSince?: string;
  readonly most: number;
  readonly maxBytes: number;
}

/**
 * Chooses which rows of a series to keep: of the preferred ones, or of all if there are none, those that rank first in the
 * order; then the newest preferred ones; then the newest others. Returns a mark for each row and the bytes of the kept ones.
 */
export function chooseRows(series: RowSeries): { isKept: Uint8Array; count: number; bytes: number } {
  const { length, order, rankedSince = "", most, maxBytes } = series;
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
  const preferred: number[] = [];
  const others: number[] = [];
  for (let i = length - 1; i >= 0; i--) (series.isPreferred(i) ? preferred : others).push(i);
  if (order) {
    const candidates = (preferred.length > 0 ? preferred : others)
      .filter((i) => rankedSince === "" || String(series.rowAt(i)["time"] ?? rankedSince) >= rankedSince);
    keep(firstInOrder(candidates, (i) => series.rowAt(i), order, most * RANKED_PART), RANKED_PART);
  }
  keep(preferred, 1);
  keep(others, 1);
  return { isKept, count, bytes };
}

/** Which rows come first, and how many there may be. */
export interface RowLimits extends Pick<RowSeries, "most" | "maxBytes" | "order" | "rankedSince"> {
  /** Rows that pass come before others; null: none do. */
  readonly test: RowTest | null;
}

/** As many of a series of rows, oldest first, as the limits allow, chosen by {@linkcode chooseRows}. */
export function keptRows(all: readonly Row[], { test, ...limits }: RowLimits): readonly Row[] {
  const { most, maxBytes, order } = limits;
  const newestOnly = test === null && order === null && all.length > most;
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
