/**
 * What every output format has in common: which columns, which order, how many rows.
 *
 * @module
 */
import { type Column, type Row, sortRows, type Tick } from "../model/mod.ts";

/** A format of ticks. Each string ends with a newline or is empty. */
export interface Format {
  /** What stands before the first tick. */
  begin(tier: string): string;
  tick(tick: Tick): string;
  /** The same in pieces that each take milliseconds, for whoever has rings to empty in between; absent where ticks are short. */
  pieces?(tick: Tick): Iterable<string>;
  /** What stands after the last one. */
  end(): string;
}

/** Choices that hold for every format. */
export interface FormatOptions {
  /** Columns in the order wanted. */
  readonly columns: readonly Column[];
  /** Sort by this column; absent: the tool's own order. */
  readonly sort?: Column;
  /** At most this many rows of a tick, after sorting. */
  readonly rows?: number;
}

/** Rows of a tick as the options want them. */
export function selectRows(tick: Tick, options: FormatOptions): readonly Row[] {
  const sorted = options.sort ? sortRows(tick.rows, options.sort) : tick.rows;
  return options.rows === undefined ? sorted : sorted.slice(0, options.rows);
}
