/**
 * What a pane selects of the rows of its tool: its filter and its groups, which apply before rows are dropped.
 *
 * @module
 */
import type { Row } from "./tick.ts";

/** Whether a row passes a filter. */
export type RowTest = (row: Row) => boolean;

/** The filter and the grouping of a pane. Applied while rows arrive, so that rare ones are kept in a flood and all are counted. */
export interface RowSelection {
  /** Name of the tool. */
  readonly tool: string;
  /** The text of the filter; empty: every row passes. */
  readonly filter: string;
  /** Makes the test of the filter, for an interval of this many seconds; null: every row passes. */
  readonly test: ((intervalS: number) => RowTest) | null;
  /** Key of the column that events are grouped by; null: they are not grouped. */
  readonly by: string | null;
}
