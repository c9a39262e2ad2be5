/**
 * Which rows a pane shows, and in what order.
 *
 * @module
 */
import {
  type Column,
  compareValues,
  type Histogram,
  type Row,
  sortsDescending,
  textColumns,
  type ToolInfo,
  type ToolModel,
  UNITS,
} from "../../model/mod.ts";
import { type Filter, filterProblem, nameTest, needsPatterns, parseFilter, rowTest } from "./filter.ts";
import type { PaneUi } from "./ui.ts";

/** Columns that name what a row is about, whether shown or not: together they tell rows apart. */
function identity(tool: ToolModel): readonly Column[] {
  return tool.tool.columns.filter(({ unit }) => ["identity", "text"].includes(UNITS[unit].kind));
}

/** A text that stays the same for the same thing from tick to tick. */
export function rowIdentity(tool: ToolModel, row: Row): string {
  return identityOf(row, identity(tool));
}

function identityOf(row: Row, columns: readonly Column[]): string {
  return columns.map(({ key }) => row[key] ?? "").join("\0");
}

/** The column a pane is sorted by; null when its rows keep the tool's own order. */
export function sortedBy(tool: ToolModel, pane: PaneUi): Column | null {
  return tool.tool.columns.find(({ key }) => key === pane.sort) ?? null;
}

function sorted(tool: ToolModel, pane: PaneUi, rows: readonly Row[]): readonly Row[] {
  const column = sortedBy(tool, pane);
  if (column === null) return pane.reverse ? rows.toReversed() : rows;
  const descending = sortsDescending(column) !== pane.reverse;
  const ties = tool.tool.view === "events" ? [] : identity(tool);
  return rows.toSorted((a, b) => {
    const order = compareValues(a[column.key] ?? null, b[column.key] ?? null, descending);
    if (order !== 0) return order;
    for (const { key } of ties) {
      const tie = compareValues(a[key] ?? null, b[key] ?? null, false);
      if (tie !== 0) return tie;
    }
    return 0;
  });
}

/** Rows in the frozen order; those that came since stand at the end. */
function inFrozenOrder(rows: readonly Row[], frozen: readonly string[], columns: readonly Column[]): Row[] {
  const place = new Map(frozen.map((id, i) => [id, i]));
  return rows
    .map((row) => ({ row, at: place.get(identityOf(row, columns)) ?? frozen.length }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}

/** The filter of a pane, read once: a pattern remembers what it learned from tick to tick. */
const filters = new WeakMap<ToolInfo["columns"], Map<string, Filter>>();

function filterOf({ tool }: ToolModel, { filter }: PaneUi): Filter {
  const known = filters.get(tool.columns)?.get(filter);
  if (known) return known;
  const parsed = parseFilter(filter, tool.columns);
  if (needsPatterns(filter)) return parsed;
  filters.set(tool.columns, new Map([[filter, parsed]]));
  return parsed;
}

/** What is wrong with a pane's filter, in words; null: nothing. */
export function problemOf(tool: ToolModel, pane: PaneUi): string | null {
  if (pane.filter === "") return null;
  lineCount(tool, pane); // whether a pattern was too costly shows when it is applied
  return filterProblem(filterOf(tool, pane));
}

function computeRows(tool: ToolModel, pane: PaneUi): readonly Row[] {
  const events = tool.tool.view === "events";
  const source = events ? tool.events.toReversed() : tool.tick?.rows ?? [];
  const rows = pane.filter === ""
    ? source
    : source.filter(rowTest(filterOf(tool, pane), textColumns(tool.tool, true), tool.tick?.intervalS ?? 1));
  const ordered = sorted(tool, pane, rows);
  return pane.frozen && !events ? inFrozenOrder(ordered, pane.frozen, identity(tool)) : ordered;
}

/** The last answer per tool model, so that moving through rows does not sort them again. */
const answers = new WeakMap<ToolModel, { pane: PaneUi; rows: readonly Row[] }>();

const sameChoice = (a: PaneUi, b: PaneUi): boolean =>
  a.sort === b.sort && a.reverse === b.reverse && a.filter === b.filter && a.frozen === b.frozen;

/**
 * The rows a pane shows: filtered, sorted (ties by identity, so
 * that equal rows do not change places), in frozen order where one is. Events stand newest first.
 */
export function visibleRows(tool: ToolModel, pane: PaneUi): readonly Row[] {
  const known = answers.get(tool);
  if (known && sameChoice(known.pane, pane)) return known.rows;
  const rows = computeRows(tool, pane);
  if (!needsPatterns(pane.filter)) answers.set(tool, { pane, rows });
  return rows;
}

/** The counters a pane of counters lists: all columns, or those whose title the filter finds. */
export function visibleCounters(tool: ToolModel, pane: PaneUi): readonly Column[] {
  const columns = textColumns(tool.tool, true).filter(({ unit }) => UNITS[unit].kind !== "time");
  if (pane.filter === "") return columns;
  const test = nameTest(filterOf(tool, pane));
  return columns.filter(({ title }) => test(title));
}

/** The histograms a pane shows: all, or those whose label the filter finds. */
export function visibleHistograms(tool: ToolModel, pane: PaneUi): readonly Histogram[] {
  if (pane.filter === "") return tool.histograms;
  const test = nameTest(filterOf(tool, pane));
  return tool.histograms.filter(({ label }) => test(label));
}

/** How many lines a pane can be scrolled through; of histograms each is one. */
export function lineCount(tool: ToolModel, pane: PaneUi): number {
  switch (tool.tool.view) {
    case "counters":
      return visibleCounters(tool, pane).length;
    case "histogram":
      return visibleHistograms(tool, pane).length;
    default:
      return visibleRows(tool, pane).length;
  }
}

/** The identities of the rows in their order now: what freezing keeps. */
export function orderOf(tool: ToolModel, pane: PaneUi): readonly string[] {
  const columns = identity(tool);
  return visibleRows(tool, { ...pane, frozen: null }).map((row) => identityOf(row, columns));
}
