/**
 * A pane's filter, grouping and order, which apply before rows are dropped.
 *
 * @module
 */
import type { Row } from "./tick.ts";

/** Whether a row passes a filter. */
export type RowTest = (row: Row) => boolean;

/** The column by which rows are sorted, and the direction. */
export interface RowOrder {
  readonly key: string;
  readonly descending: boolean;
}

/** Which rows of a tick or a list to keep when there is no room for all. */
export interface RowPreference {
  /** Rows that pass are kept before others; null: all pass. */
  readonly test: RowTest | null;
  /** Of these, the first in this order; null: the first rows of a table, the newest events. */
  readonly order: RowOrder | null;
}

/** No filter and no order: the first rows of a table, the newest events. */
export const NO_PREFERENCE: RowPreference = { test: null, order: null };

/** The filter, the grouping and the order of a pane. Applied while rows arrive, so that rare ones are kept in a flood and all are counted. */
export interface RowSelection {
  /** Name of the tool. */
  readonly tool: string;
  /** The text of the filter; empty: every row passes. */
  readonly filter: string;
  /** Makes the test of the filter, for an interval of this many seconds; null: every row passes. */
  readonly test: ((intervalS: number) => RowTest) | null;
  /** Key of the column that events are grouped by; null: they are not grouped. */
  readonly by: string | null;
  /** The order that the user chose; null: the tool's own, for events the newest first. */
  readonly order: RowOrder | null;
}
