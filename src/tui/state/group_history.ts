/**
 * The groups of past intervals of a pane. The history of a tool keeps 100 events of an interval; this one counts every event.
 *
 * @module
 */
import {
  collectGroups,
  groupableColumns,
  type Grouping,
  groupingBy,
  type Groups,
  mergeGroups,
  type PastTick,
  type Row,
  textColumns,
  type ToolModel,
} from "../../model/mod.ts";
import { parseToolFilter, rowTest } from "./filter.ts";
import type { GroupedTick, GroupHistory, PaneUi } from "./ui.ts";

/** The time over which events are counted, milliseconds. */
const WINDOW_MS = 60_000;

/** Maximum groups of one interval, of which those with the highest counts are kept, and of all: the oldest intervals are dropped. */
const MAX_GROUPS_PER_TICK = 500;
const MAX_GROUPS = 30_000;

/** Whether a row passes the filter of a pane. */
export type RowTest = (row: Row) => boolean;

/** Which rows are counted, and how they are grouped. */
export interface RowsInput {
  readonly grouping: Grouping;
  /** The filter of the rows. */
  readonly test: RowTest;
}

/** The grouping of a pane; null if its rows are not grouped, or its tool does not have the column. */
export function groupingOf({ tool }: ToolModel, { by }: Pick<PaneUi, "by">): Grouping | null {
  const column = by === null ? undefined : groupableColumns(tool).find(({ key }) => key === by);
  return column ? groupingBy(tool, column) : null;
}

function groupedTick(
  { tick, droppedRows, partial }: TickRows,
  grouping: Grouping,
  test: RowTest,
): GroupedTick {
  const { time, intervalS, rows } = tick;
  const groups = collectGroups(rows.filter(test), grouping);
  if (groups.size <= MAX_GROUPS_PER_TICK) return { time, intervalS, groups, missing: droppedRows, partial };
  const order = [...groups].sort(([, a], [, b]) => b.count - a.count);
  const left = order.splice(MAX_GROUPS_PER_TICK);
  const missing = left.reduce((sum, [, { count }]) => sum + count, droppedRows);
  return { time, intervalS, groups: new Map(order), missing, partial };
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
  return { tick, droppedRows, partial: !known };
}

/** The index of the first tick within the window that ends with the last tick. */
function windowStart({ pastTicks }: ToolModel): number {
  const end = pastTicks.timeAt(pastTicks.length - 1) ?? 0;
  let first = pastTicks.length;
  while (first > 0 && end - pastTicks.timeAt(first - 1)! < WINDOW_MS) first--;
  return first;
}

/** Whether a row belongs to the process that the tool is narrowed to: past ticks have the rows of all processes. */
const isOfProcess = ({ onlyPid }: ToolModel): RowTest => ({ pid }) =>
  onlyPid === undefined || pid === onlyPid;

/** The grouped ticks of the window. Those missing from `known` are made from the rows in the history. */
function windowTicks(
  tool: ToolModel,
  known: readonly GroupedTick[],
  { grouping, test }: RowsInput,
): GroupedTick[] {
  const ofProcess = isOfProcess(tool);
  const counts: RowTest = (row) => ofProcess(row) && test(row);
  const byTime = new Map(known.map((tick) => [tick.time, tick]));
  const ticks: GroupedTick[] = [];
  for (let i = windowStart(tool); i < tool.pastTicks.length; i++) {
    const found = byTime.get(tool.pastTicks.timeAt(i)!);
    const past = found ? null : tickAt(tool, i);
    if (found) ticks.push(found);
    else if (past) ticks.push(groupedTick(past, grouping, counts));
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
  history !== null && history.tool === tool.tool.name && history.pid === tool.onlyPid &&
  history.by === pane.by && history.filter === pane.filter;

function filterTest({ tool, tick }: ToolModel, text: string): { test: RowTest; pending: boolean } {
  const filter = parseToolFilter(text, tool);
  const test = rowTest(filter, textColumns(tool, true), tick?.intervalS ?? 1);
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
  const newest = tool.pastTicks.timeAt(tool.pastTicks.length - 1);
  if (newest === null || known.at(-1)?.time === newest) return pane;
  const { test, pending } = filterTest(tool, pane.filter);
  if (pending) return pane;
  const start = tool.pastTicks.timeAt(windowStart(tool))!;
  const older = known.filter(({ time }) => time < start);
  const ticks = bounded([...older, ...windowTicks(tool, known, { grouping, test })]);
  return {
    ...pane,
    groups: { tool: tool.tool.name, pid: tool.onlyPid, by: grouping.by.key, filter: pane.filter, ticks },
  };
}

/** The groups of events over the last minute. */
export interface GroupedWindow {
  readonly groups: Groups;
  /** Seconds that it covers. */
  readonly seconds: number;
  /** Wall clock at its start, milliseconds. */
  readonly start: number;
  readonly missing: number;
}

/**
 * The groups of the minute that ends with the tool's last tick, or of the ticks after the last incomplete one.
 */
export function groupedWindow(
  tool: ToolModel,
  pane: PaneUi,
  input: RowsInput,
): GroupedWindow {
  const known = isOf(pane.groups, tool, pane) ? pane.groups.ticks : [];
  const all = windowTicks(tool, known, input);
  // Complete counts of a shorter time are better than incomplete counts of a minute.
  const complete = all.slice(all.findLastIndex(({ partial }) => partial) + 1);
  const ticks = complete.length > 0 ? complete : all;
  const seconds = ticks.reduce((sum, { intervalS }) => sum + intervalS, 0);
  const [first] = ticks;
  return {
    groups: mergeGroups(ticks.map(({ groups }) => groups), input.grouping),
    seconds,
    start: first ? first.time - first.intervalS * 1000 : 0,
    missing: ticks.reduce((sum, { missing }) => sum + missing, 0),
  };
}
