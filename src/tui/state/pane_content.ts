/**
 * The content of a pane, independent of its size: filtered and sorted rows, counters, histograms.
 *
 * @module
 */
import {
  type Column,
  compareValues,
  countedFilter,
  type Histogram,
  isList,
  restLast,
  type Row,
  type RowTest,
  sortsDescending,
  textColumns,
  type ToolModel,
  UNITS,
} from "../../model/mod.ts";
import { withColumns } from "./chosen_columns.ts";
import { type Filter, filterProblem, nameTest, parseToolFilter, rowTest } from "./filter.ts";
import { groupingOf } from "./group_history.ts";
import { rowSort, sortedBy } from "./row_order.ts";
import { type GroupLine, type GroupTree, groupTree } from "./group_lines.ts";
import { type PaneUi, sortChoices } from "./ui.ts";

/** Columns that identify a row, whether shown or not. */
function identity(tool: ToolModel): readonly Column[] {
  return tool.tool.columns.filter(({ unit }) => ["identity", "text"].includes(UNITS[unit].kind));
}

/** Identity of a row: stays the same from tick to tick. */
export function rowIdentity(tool: ToolModel, row: Row): string {
  return identityOf(row, identity(tool));
}

/** Whether two rows have the same identity. */
export const sameIdentity = (tool: ToolModel, a: Row, b: Row): boolean =>
  identity(tool).every(({ key }) => (a[key] ?? null) === (b[key] ?? null));

/** The values of a row that identify it. */
export function identityValues(tool: ToolModel, row: Row): Row {
  return Object.fromEntries(identity(tool).map(({ key }) => [key, row[key] ?? null]));
}

function identityOf(row: Row, columns: readonly Column[]): string {
  return columns.map(({ key }) => row[key] ?? "").join("\0");
}

function sorted(
  tool: ToolModel,
  pane: Pick<PaneUi, "sort" | "reverse">,
  rows: readonly Row[],
): readonly Row[] {
  const column = sortedBy(tool, pane);
  if (column === null) return pane.reverse ? restLast(rows.toReversed()) : rows;
  const descending = sortsDescending(column) !== pane.reverse;
  const ties = tool.tool.view === "events" ? [] : identity(tool);
  const ordered = rows.toSorted((a, b) => {
    const order = compareValues(a[column.key] ?? null, b[column.key] ?? null, descending);
    if (order !== 0) return order;
    for (const { key } of ties) {
      const tie = compareValues(a[key] ?? null, b[key] ?? null, false);
      if (tie !== 0) return tie;
    }
    return 0;
  });
  return restLast(ordered);
}

/** Rows in the frozen order; new ones are at the end. */
function inFrozenOrder(rows: readonly Row[], frozen: readonly string[], columns: readonly Column[]): Row[] {
  const place = new Map(frozen.map((id, i) => [id, i]));
  return rows
    .map((row) => ({ row, at: place.get(identityOf(row, columns)) ?? frozen.length }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}

/** What a pane shows of its tool. */
export interface PaneContent {
  /** The tool in the model. */
  readonly source: ToolModel;
  /** What is chosen in the pane. */
  readonly pane: PaneUi;
  /** The tool with its columns shown or hidden as chosen. */
  readonly tool: ToolModel;
  /** As `tool`, but without groups: the tool of the rows within groups. */
  readonly rowTool: ToolModel;
  /** What is shown as groups; null: the rows are not grouped. */
  readonly tree: GroupTree | null;
  readonly filter: Filter;
  /** Why the filter is not applied, or only in part; null if it is applied. */
  readonly problem: string | null;
  /** Rows of a table or a list of events, filtered and in order, events newest first; or the lines of the tree. Empty for other tools. */
  readonly rows: readonly Row[];
  /** The counters whose title matches the filter; empty for other tools. */
  readonly counters: readonly Column[];
  /** The histograms whose label matches the filter; for a table or a list of events, all of them. */
  readonly histograms: readonly Histogram[];
  /** How many rows, counters or histograms the pane can be scrolled through. */
  readonly count: number;
  /** Rows of the last interval that pass the filter, with those that were not kept; null if their number is unknown. Without those if they may be of any process. */
  readonly passed: number | null;
  /** Rows that belong here and were not kept; if it is unknown how many of them pass the filter, all of them. */
  readonly missing: number;
}

const sameChoice = (a: PaneUi, b: PaneUi): boolean =>
  a.sort === b.sort && a.reverse === b.reverse && a.filter === b.filter && a.frozen === b.frozen &&
  a.columns === b.columns && a.by === b.by && a.opened === b.opened && a.groups === b.groups;

/** The filter of a pane; the previous one if it is unchanged, because compiling a pattern takes milliseconds. */
function filterOf(
  { tool }: ToolModel,
  { filter, columns }: PaneUi,
  before: PaneContent | undefined,
): Filter {
  const same = before && !before.filter.pending && before.pane.filter === filter &&
    before.pane.columns === columns && before.source.tool.columns === tool.columns;
  return same ? before.filter : parseToolFilter(filter, withColumns(tool, columns));
}

const filterTest = (tool: ToolModel, filter: Filter): RowTest =>
  rowTest(filter, textColumns(tool.tool, true), tool.tick?.intervalS ?? 1);

function treeOf(source: ToolModel, pane: PaneUi, filter: Filter): GroupTree | null {
  const grouping = groupingOf(source, pane);
  if (grouping === null) return null;
  return groupTree(source, pane, {
    grouping,
    filter: pane.filter,
    test: filterTest(source, filter),
    sortGroups: (tool, groups) => sorted(tool, pane, groups),
    sortRows: (rows) => sorted(source, { ...pane, sort: rowSort(grouping, pane.sort) }, rows),
  });
}

function rowsOf(tool: ToolModel, pane: PaneUi, filter: Filter): readonly Row[] {
  const events = tool.tool.view === "events";
  const source = events ? tool.events.toReversed() : tool.tick?.rows ?? [];
  const rows = filter.conditions.length === 0 ? source : source.filter(filterTest(tool, filter));
  const ordered = sorted(tool, pane, rows);
  return pane.frozen && !events ? inFrozenOrder(ordered, pane.frozen, identity(tool)) : ordered;
}

function countersOf({ tool }: ToolModel, filter: Filter): readonly Column[] {
  const columns = textColumns(tool, true).filter(({ unit }) => unit !== "time");
  const test = nameTest(filter);
  return columns.filter(({ title }) => test(title));
}

function histogramsOf({ histograms }: ToolModel, filter: Filter): readonly Histogram[] {
  const test = nameTest(filter);
  return histograms.filter(({ label }) => test(label));
}

/** How many rows of the last interval pass the filter, and how many of them were not kept. */
function counts(
  tool: ToolModel,
  { filter: text }: PaneUi,
  filter: Filter,
): Pick<PaneContent, "passed" | "missing"> {
  const { tick, droppedRows, droppedOfAny, only } = tool;
  if (!tick || !isList(tool.tool)) return { passed: null, missing: droppedRows };
  const { length } = filter.conditions.length === 0 ? tick.rows : tick.rows.filter(filterTest(tool, filter));
  if (tick.counted?.filter === countedFilter(text, only?.groups)) {
    return { passed: tick.counted.passed, missing: Math.max(0, tick.counted.passed - length) };
  }
  if (droppedOfAny) return { passed: length, missing: droppedRows };
  const isKnown = droppedRows === 0 || filter.conditions.length === 0;
  return { passed: isKnown ? length + droppedRows : null, missing: droppedRows };
}

/**
 * What a pane shows of a tool: rows filtered, sorted (ties by identity, so that equal rows do not change places) and in
 * frozen order if there is one.
 *
 * @param before The content of the same pane one screen before: returned if neither tool nor choice has changed.
 */
export function paneContent(source: ToolModel, pane: PaneUi, before?: PaneContent): PaneContent {
  if (before?.source === source && sameChoice(before.pane, pane) && !before.filter.pending) {
    return before.pane === pane ? before : { ...before, pane };
  }
  const info = withColumns(source.tool, pane.columns);
  const rowTool = info === source.tool ? source : { ...source, tool: info };
  const filter = filterOf(source, pane, before);
  const { view } = info;
  const list = isList(info);
  const tree = treeOf(rowTool, pane, filter);
  const tool = tree?.tool ?? rowTool;
  const rows = tree ? tree.lines.map(({ row }) => row) : list ? rowsOf(tool, pane, filter) : [];
  const counters = view === "counters" ? countersOf(tool, filter) : [];
  const histograms = list ? tool.histograms : histogramsOf(tool, filter);
  const count = list ? rows.length : view === "counters" ? counters.length : histograms.length;
  // After the rows: a pattern is found to be too slow only when it is applied.
  const problem = filterProblem(filter);
  const { passed, missing } = counts(rowTool, pane, filter);
  return {
    source,
    pane,
    tool,
    rowTool,
    tree,
    filter,
    problem,
    rows,
    counters,
    histograms,
    count,
    passed,
    missing: tree ? tool.droppedRows : missing,
  };
}

/** Index of the selected row; −1 if the pane shows none. */
const selectedIndex = ({ tool, pane, rows }: PaneContent): number =>
  !isList(tool.tool) || tool.state.kind !== "running" || tool.tick === null
    ? -1
    : Math.min(pane.selected, rows.length - 1);

/** The selected line of the tree; null if the pane shows no groups. */
export function selectedLine(content: PaneContent): GroupLine | null {
  return content.tree?.lines[selectedIndex(content)] ?? null;
}

/**
 * What a pane can be sorted by, in the order of the menu: null is the tool's own order, which a tree does not have. None if
 * there is nothing to sort.
 */
export function sortEntries({ tool, tree }: Pick<PaneContent, "tool" | "tree">): readonly (Column | null)[] {
  const columns = sortChoices(tool);
  return columns.length === 0 || tree ? columns : [null, ...columns];
}

/** The selected row; null if the pane shows none, or a group is selected. */
export function selectedRow(content: PaneContent): Row | null {
  const line = selectedLine(content);
  return line && line.kind !== "row" ? null : content.rows[selectedIndex(content)] ?? null;
}

/** The identities of the rows in their current order, for freezing. */
export function orderOf({ tool, rows }: PaneContent): readonly string[] {
  const columns = identity(tool);
  return rows.map((row) => identityOf(row, columns));
}
