/**
 * Which rows are kept when there are too many.
 *
 * @module
 */
import { type Row, rowBytes, type RowTest } from "../../model/mod.ts";

/** Which rows come first, and how many there may be. */
export interface RowLimits {
  readonly most: number;
  readonly maxBytes: number;
  /** Rows that pass come before others; null: none do. */
  readonly test: RowTest | null;
}

/** The newest of a series of rows, oldest first, within the limits: those that pass the test, then others. */
export function newestOf(all: readonly Row[], { most, maxBytes, test }: RowLimits): readonly Row[] {
  const rows = test === null && all.length > most ? all.slice(all.length - most) : all;
  const sizes = rows.map((row, i) => rowBytes(row, rows[i + 1]));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (rows.length <= most && bytes <= maxBytes) return rows;
  const passes = rows.map((row) => test?.(row) ?? true);
  const kept = new Uint8Array(rows.length);
  let count = 0;
  let left = maxBytes;
  for (const isPreferred of [true, false]) {
    for (let i = rows.length - 1; i >= 0 && count < most && left > 0; i--) {
      if (passes[i] !== isPreferred) continue;
      left -= sizes[i]!;
      if (left < 0) break;
      kept[i] = 1;
      count++;
    }
  }
  return rows.filter((_, i) => kept[i]);
}
