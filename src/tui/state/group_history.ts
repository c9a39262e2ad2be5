/**
 * The groups of past intervals of a pane. The history of a tool keeps 100 events of an interval; the monitor counts every event in
 * groups before events are dropped, and this history keeps those groups.
 *
 * @module
 */
import {
  collectGroups,
  type Column,
  countedFilter,
  groupableColumns,
  type Grouping,
  groupingBy,
  type Groups,
  isShownRow,
  largestGroups,
  mergeGroups,
  narrowingKey,
  type PastTick,
  type RowTest,
  textColumns,
  type Tick,
  type ToolModel,
  withOther,
} from "../../model/mod.ts";
import { screenTool } from "./chosen_columns.ts";
import { parseToolFilter, rowTest } from "./filter.ts";
import type { GroupedTick, GroupHistory, PaneUi } from "./ui.ts";

/** The time over which events are counted, milliseconds. */
const WINDOW_MS = 60_000;

/** Maximum groups of one interval, of which those with the highest counts are kept, and of all: the oldest intervals are dropped. */
const MAX_GROUPS_PER_TICK = 500;
const MAX_GROUPS = 30_000;

/** Which rows are counted, and how they are grouped. */
export interface RowsInput {
  readonly grouping: Grouping;
  /** The filter of the rows, and its test. */
  readonly filter: string;
  readonly test: RowTest;
}

/** The columns that the menu of groups lists first: program, container, unit, user. */
const FIRST_CHOICES: readonly string[] = ["comm", "container", "unit", "user"];

/** What a pane can be grouped by, in the order of the menu. */
export function groupChoices({ tool }: Pick<ToolModel, "tool">): readonly Column[] {
  const columns = groupableColumns(tool);
  const first = FIRST_CHOICES.flatMap((key) => columns.find((column) => column.key === key) ?? []);
  return [...first, ...columns.filter((column) => !first.includes(column))];
}

/** The grouping of a pane; null if its rows are not grouped, or its tool does not have the column. */
export function groupingOf({ tool }: ToolModel, { by }: Pick<PaneUi, "by">): Grouping | null {
  const column = by === null ? undefined : groupableColumns(tool).find(({ key }) => key === by);
  return column ? groupingBy(tool, column) : null;
}

/** The groups that the monitor counted of a tick; null if it counted others or not every event. */
function countedGroups({ counted }: Tick, { by }: Grouping, filter: string): Groups | null {
  return counted?.groups && counted.by === by.key && counted.filter === filter ? counted.groups : null;
}

function groupedTick(
  { tick, droppedRows, partial }: TickRows,
  { only }: ToolModel,
  { grouping, filter, test }: RowsInput,
): GroupedTick {
  const { time, intervalS, rows } = tick;
  const limited = (groups: Groups): Groups => largestGroups(groups, grouping, MAX_GROUPS_PER_TICK);
  const applied = countedFilter(filter, only?.groups);
  const counted = countedGroups(tick, grouping, applied);
  if (counted) return { time, intervalS, groups: limited(counted), missing: 0, partial: false };
  const counts: RowTest = (row) => isShownRow(row, only) && test(row);
  const kept = rows.filter(counts);
  const groups = limited(collectGroups(kept, grouping));
  // The filter was set before: the history keeps the rows that pass it.
  if (tick.counted?.filter === applied && only?.pid === undefined) {
    const missing = Math.max(0, tick.counted.passed - kept.length);
    const all = withOther(groups, grouping, missing, null);
    return { time, intervalS, groups: all, missing, partial: missing > 0 };
  }
  // Without a filter all dropped rows belong to some group.
  const areCounted = filter === "" && only === undefined;
  return {
    time,
    intervalS,
    groups: areCounted ? withOther(groups, grouping, droppedRows, null) : groups,
    missing: droppedRows,
    partial,
  };
}

/** A tick, and whether the history has dropped rows of it. */
type TickRows = Pick<PastTick, "tick" | "droppedRows"> & Pick<GroupedTick, "partial">;

/** The tick at an index of the history; for the newest, with all its rows. */
function tickAt({ pastTicks, tick, droppedRows }: ToolModel, index: number): TickRows | null {
  const newest = tick && index === pastTicks.length - 1 && tick.time === pastTicks.timeAt(index);
  const past = pastTicks.at(index);
  if (!newest) return past && { ...past, partial: past.droppedRows > 0 };
  // The tick of a past model has only the rows of the history.
  const known = tick.rows.length > (past?.tick.rows.length ?? 0) || past?.droppedRows === 0;
  return { tick, droppedRows, partial: !known || droppedRows > 0 };
}

/** The index of the first tick within the window that ends with the tick at index `last`. */
function windowStart({ pastTicks }: ToolModel, last: number): number {
  const end = pastTicks.timeAt(last) ?? 0;
  let first = last + 1;
  while (first > 0 && end - pastTicks.timeAt(first - 1)! < WINDOW_MS) first--;
  return first;
}

const lastTick = ({ pastTicks }: ToolModel): number => pastTicks.length - 1;

/**
 * The grouped ticks of the window that ends with the tick at index `last`. Those missing from `known` are made from the rows in
 * the history.
 */
function windowTicks(
  tool: ToolModel,
  known: readonly GroupedTick[],
  input: RowsInput,
  last = lastTick(tool),
): GroupedTick[] {
  const byTime = new Map(known.map((tick) => [tick.time, tick]));
  const ticks: GroupedTick[] = [];
  for (let i = windowStart(tool, last); i <= last; i++) {
    const found = byTime.get(tool.pastTicks.timeAt(i)!);
    const past = found ? null : tickAt(tool, i);
    if (found) ticks.push(found);
    else if (past) ticks.push(groupedTick(past, tool, input));
  }
  return ticks;
}

/** The newest ticks that have at most {@linkcode MAX_GROUPS} groups together. */
function bounded(ticks: readonly GroupedTick[]): readonly GroupedTick[] {
  let count = 0;
  const first = ticks.findLastIndex(({ groups }) => (count += groups.size) > MAX_GROUPS);
  return ticks.slice(first + 1);
}

const isOf = (history: GroupHistory | null, tool: ToolModel, pane: PaneUi): history is GroupHistory =>
  history !== null && history.tool === tool.tool.name && history.only === narrowingKey(tool.only) &&
  history.by === pane.by && history.filter === pane.filter;

function filterTest({ tool, tick }: ToolModel, text: string): { test: RowTest; pending: boolean } {
  const filter = parseToolFilter(text, tool);
  const test = rowTest(filter, textColumns(screenTool(tool), true), tick?.intervalS ?? 1);
  return { test, pending: filter.pending };
}

/**
 * Adds the groups of the model's new ticks to a pane that shows groups of events. Returns the same pane if there is nothing to
 * add. Called with every model, so that each tick is counted while the model has all its rows.
 */
export function followGroups(pane: PaneUi, tool: ToolModel): PaneUi {
  const grouping = tool.tool.view === "events" ? groupingOf(tool, pane) : null;
  if (grouping === null) return pane.groups === null ? pane : { ...pane, groups: null };
  const known = isOf(pane.groups, tool, pane) ? pane.groups.ticks : [];
  const newest = tool.pastTicks.timeAt(lastTick(tool));
  if (newest === null || known.at(-1)?.time === newest) return pane;
  const { test, pending } = filterTest(tool, pane.filter);
  if (pending) return pane;
  const start = tool.pastTicks.timeAt(windowStart(tool, lastTick(tool)))!;
  const older = known.filter(({ time }) => time < start);
  const ticks = bounded([...older, ...windowTicks(tool, known, { grouping, filter: pane.filter, test })]);
  return {
    ...pane,
    groups: {
      tool: tool.tool.name,
      only: narrowingKey(tool.only),
      by: grouping.by.key,
      filter: pane.filter,
      ticks,
    },
  };
}

/** The groups of events over a minute. */
export interface GroupedWindow {
  readonly groups: Groups;
  /** Seconds that it covers. */
  readonly seconds: number;
  /** Wall clock at its start, milliseconds. */
  readonly start: number;
  /** Wall clock at its end, milliseconds; null: the tool's last tick. */
  readonly end: number | null;
  readonly missing: number;
  /** Some rows were dropped before they were counted in their groups, so that the rates are not known. */
  readonly isPartial: boolean;
}

const hasGroups = (ticks: readonly GroupedTick[]): boolean => ticks.some(({ groups }) => groups.size > 0);

/** The index of the tick that the newest event of the list belongs to; −1 if it is not known. */
function newestPassing({ pastTicks, events }: ToolModel, test: RowTest): number {
  const at = Date.parse(String(events.findLast(test)?.["time"]));
  if (Number.isNaN(at)) return -1;
  let index = pastTicks.length;
  while (index > 0 && pastTicks.timeAt(index - 1)! >= at) index--;
  return index;
}

/**
 * The ticks of the minute that ends with the tool's last tick, without those before the last incomplete one: complete counts of
 * a shorter time are better than incomplete counts of a minute. If there was no event in that time, the minute that ends with
 * the newest event of the list.
 */
function shownTicks(
  tool: ToolModel,
  known: readonly GroupedTick[],
  input: RowsInput,
): readonly GroupedTick[] {
  const all = windowTicks(tool, known, input);
  const complete = all.slice(all.findLastIndex(({ partial }) => partial) + 1);
  if (hasGroups(complete)) return complete;
  if (hasGroups(all)) return all;
  const last = newestPassing(tool, input.test);
  if (last >= 0 && last < lastTick(tool)) return windowTicks(tool, known, input, last);
  return complete.length > 0 ? complete : all;
}

/** The groups of the last minute that has events. */
export function groupedWindow(
  tool: ToolModel,
  pane: PaneUi,
  input: RowsInput,
): GroupedWindow {
  const known = isOf(pane.groups, tool, pane) ? pane.groups.ticks : [];
  const ticks = shownTicks(tool, known, input);
  const [first] = ticks;
  const end = ticks.at(-1)?.time ?? null;
  return {
    groups: mergeGroups(ticks.map(({ groups }) => groups), input.grouping),
    seconds: ticks.reduce((sum, { intervalS }) => sum + intervalS, 0),
    start: first ? first.time - first.intervalS * 1000 : 0,
    end: end === tool.pastTicks.timeAt(lastTick(tool)) ? null : end,
    missing: ticks.reduce((sum, { missing }) => sum + missing, 0),
    isPartial: ticks.some(({ partial, missing }) => partial && missing > 0),
  };
}
