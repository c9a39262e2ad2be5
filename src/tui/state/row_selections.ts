/**
 * The filters, groups and orders of the panes, which the monitor applies to rows before it drops any.
 *
 * @module
 */
import {
  countedFilter,
  isInGroup,
  isList,
  type Model,
  type RowGroup,
  type RowSelection,
  type RowTest,
  textColumns,
  type ToolModel,
} from "../../model/mod.ts";
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

/** A test of rows that belong to every group and pass another test. */
function inGroups(groups: readonly RowGroup[], test: RowTest | null): RowTest {
  return (row) => groups.every((group) => isInGroup(row, group)) && (test === null || test(row));
}

/**
 * The selection of a pane; null if it shows every row of its tool one by one, in the tool's order.
 *
 * @param scopes The groups that the panes are narrowed to. They do not narrow a tool without their columns.
 */
function selectionOf(
  tool: ToolModel,
  { pane, scopes }: { pane: PaneUi; scopes: readonly RowGroup[] },
  before: readonly PaneSelection[],
): PaneSelection | null {
  const by = tool.tool.view === "events" ? groupingOf(tool, pane)?.by.key ?? null : null;
  const order = rowOrder(tool, pane);
  const hasColumns = scopes.every(({ key }) => tool.tool.columns.some((column) => column.key === key));
  const groups = hasColumns ? scopes : [];
  const name = countedFilter(pane.filter, groups);
  if (!isList(tool.tool) || (by === null && name === "" && order === null)) return null;
  const info = withColumns(tool.tool, pane.columns);
  const columns = textColumns(info, true);
  const filter = parseToolFilter(pane.filter, info);
  const sorted = order === null ? "" : `${order.key}:${order.descending}`;
  const key = [info.name, by, sorted, filter.pending, columns.map(({ key }) => key), name].join("\0");
  const filterTest: RowSelection["test"] = filter.conditions.length === 0
    ? null
    : (intervalS) => rowTest(filter, columns, intervalS);
  const test: RowSelection["test"] = groups.length === 0
    ? filterTest
    : (intervalS) => inGroups(groups, filterTest?.(intervalS) ?? null);
  if (filter.pending || (by === null && test === null && order === null)) return null;
  return before.find((one) => one.key === key) ??
    { key, tool: info.name, filter: name, by, test, order };
}

/** The selections of the panes. Returns `before`, and its elements, as far as nothing has changed. */
export function rowSelections(
  { panes, scopes }: Ui,
  { tools }: Model,
  before: readonly PaneSelection[],
): readonly PaneSelection[] {
  const selections = tools.flatMap((tool, i) => {
    const pane = panes[i];
    return pane ? selectionOf(tool, { pane, scopes }, before) ?? [] : [];
  });
  const same = selections.length === before.length && selections.every((one, i) => one === before[i]);
  return same ? before : selections;
}
