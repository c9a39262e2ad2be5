/**
 * The order of the rows of a pane.
 *
 * @module
 */
import {
  type Column,
  type Grouping,
  type RowOrder,
  sortsDescending,
  type ToolModel,
} from "../../model/mod.ts";
import { groupingOf } from "./group_history.ts";
import type { PaneUi } from "./ui.ts";

/** Columns of the order in which events arrive. */
export const ARRIVAL: ReadonlySet<string> = new Set(["time", "time_s"]);

/** The column a pane is sorted by; null when its rows keep the tool's own order. */
export function sortedBy(tool: ToolModel, pane: Pick<PaneUi, "sort">): Column | null {
  return tool.tool.columns.find(({ key }) => key === pane.sort) ?? null;
}

/** The column of the rows that a column of the groups is computed from; null for the count, the rate and the name. */
export const rowSort = ({ sums, maxima }: Grouping, sort: string | null): string | null =>
  [...sums, ...maxima].find(({ column }) => column.key === sort)?.from ?? null;

/** The order that the user chose for the rows, those within groups included; null: the tool's own, or by the time of the events. */
export function rowOrder(tool: ToolModel, pane: PaneUi): RowOrder | null {
  const grouping = groupingOf(tool, pane);
  const column = sortedBy(tool, grouping ? { sort: rowSort(grouping, pane.sort) } : pane);
  if (column === null || ARRIVAL.has(column.key)) return null;
  return { key: column.key, descending: sortsDescending(column) !== pane.reverse };
}
