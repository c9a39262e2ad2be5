/**
 * The filters, groups and orders of the panes, which the monitor applies to rows before it drops any.
 *
 * @module
 */
import { isList, type Model, type RowSelection, textColumns, type ToolModel } from "../../model/mod.ts";
import { withColumns } from "./chosen_columns.ts";
import { parseToolFilter, rowTest } from "./filter.ts";
import { groupingOf } from "./group_history.ts";
import { rowOrder } from "./row_order.ts";
import type { PaneUi, Ui } from "./ui.ts";

/** A selection and what it was made from. */
export interface PaneSelection extends RowSelection {
  /** Equal selections have equal keys. */
  readonly key: string;
}

/** The selection of a pane; null if it shows every row of its tool one by one, in the tool's order. */
function selectionOf(tool: ToolModel, pane: PaneUi, before: readonly PaneSelection[]): PaneSelection | null {
  const by = tool.tool.view === "events" ? groupingOf(tool, pane)?.by.key ?? null : null;
  const order = rowOrder(tool, pane);
  if (!isList(tool.tool) || (by === null && pane.filter === "" && order === null)) return null;
  const info = withColumns(tool.tool, pane.columns);
  const columns = textColumns(info, true);
  const filter = parseToolFilter(pane.filter, info);
  const sorted = order === null ? "" : `${order.key}:${order.descending}`;
  const key = [info.name, by, sorted, filter.pending, columns.map(({ key }) => key), pane.filter].join("\0");
  const test: RowSelection["test"] = filter.conditions.length === 0
    ? null
    : (intervalS) => rowTest(filter, columns, intervalS);
  if (filter.pending || (by === null && test === null && order === null)) return null;
  return before.find((one) => one.key === key) ??
    { key, tool: info.name, filter: pane.filter, by, test, order };
}

/** The selections of the panes. Returns `before`, and its elements, as far as nothing has changed. */
export function rowSelections(
  { panes }: Ui,
  { tools }: Model,
  before: readonly PaneSelection[],
): readonly PaneSelection[] {
  const selections = tools.flatMap((tool, i) => {
    const pane = panes[i];
    return pane ? selectionOf(tool, pane, before) ?? [] : [];
  });
  const same = selections.length === before.length && selections.every((one, i) => one === before[i]);
  return same ? before : selections;
}
