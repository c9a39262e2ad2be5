/**
 * A pane's filter, grouping and order, which apply before rows are dropped.
 *
 * @module
 */
import type { Row } from "./tick.ts";
import type { ToolInfo } from "./tool_info.ts";
import { UNITS } from "./unit.ts";

/** Whether a row passes a filter. */
export type RowTest = (row: Row) => boolean;

/** The column by which rows are sorted, and the direction. */
export interface RowOrder {
  readonly key: string;
  readonly descending: boolean;
}

/** Which rows of a tick or a list to keep when there is no room for all. */
export interface RowPreference {
  /** Rows that pass are kept beside a part of all rows; null: all pass. */
  readonly test: RowTest | null;
  /** A part of the kept rows are the first in each of these orders; the rest are the first rows of a table, the newest events. */
  readonly orders: readonly RowOrder[];
}

/** No filter and no order: the first rows of a table, the newest events. */
export const NO_PREFERENCE: RowPreference = { test: null, orders: [] };

/** The order of events by duration, the longest first; null: the tool has no events, or no column of durations. */
export function durationOrder({ view, columns }: ToolInfo): RowOrder | null {
  if (view !== "events") return null;
  const durations = columns.filter(({ unit, priority = 0 }) => UNITS[unit].maximum && priority >= 0);
  const [main] = durations.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
  return main ? { key: main.key, descending: true } : null;
}

/** The orders whose first rows are kept: by duration, and the order that the user chose. */
export function keptOrders(tool: ToolInfo, chosen: RowOrder | null): readonly RowOrder[] {
  const longest = durationOrder(tool);
  if (longest === null) return chosen ? [chosen] : [];
  const isSame = chosen?.key === longest.key && chosen.descending;
  return chosen && !isSame ? [longest, chosen] : [longest];
}

/** The filter, the grouping and the order of a pane. Applied while rows arrive, so that rare ones are kept in a flood and all are counted. */
export interface RowSelection {
  /** Name of the tool. */
  readonly tool: string;
  /** What identifies the filter: countedFilter(); empty: every row passes. */
  readonly filter: string;
  /** Makes the test of the filter, for an interval of this many seconds; null: every row passes. */
  readonly test: ((intervalS: number) => RowTest) | null;
  /** Key of the column that events are grouped by; null: they are not grouped. */
  readonly by: string | null;
  /** The order that the user chose; null: the tool's own, for events the newest first. */
  readonly order: RowOrder | null;
}
