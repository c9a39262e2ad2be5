/**
 * Narrows past ticks to what the screen shows: rows of one process, and graphs of what was measured alike. Pure.
 *
 * @module
 */
import {
  isCountedIn,
  isList,
  isShownRow,
  type Model,
  narrowingKey,
  type PastFlags,
  type Pivot,
  restCount,
  type Row,
  type RowGroup,
  type Snapshot,
  type Tick,
  type ToolInfo,
  type ToolModel,
} from "../model/mod.ts";

const rowsOf = ({ tick, events }: ToolModel): readonly Row[] => [...events, ...tick?.rows ?? []];

/** The process with this process or thread id, as found in the rows of a model. */
export function processInRows(id: number, { tools }: Pick<Model, "tools">): Pick<Pivot, "pid" | "comm"> {
  const rows = tools.flatMap(rowsOf);
  const row = rows.find(({ pid }) => pid === id) ?? rows.find(({ tid }) => tid === id);
  const comm = row?.comm;
  return {
    pid: typeof row?.pid === "number" ? row.pid : id,
    comm: typeof comm === "string" ? comm : "",
  };
}

/** Whether the rows that a pane shows name their process. The probes pane, which has no flags, shows no process. */
const hasPid = (tool: ToolInfo): boolean => isList(tool) && tool.columns.some(({ key }) => key === "pid");

/** The rows that the rest of a table sums: they may be of any process. */
const restRows = (tick: Tick | null): number => restCount(tick?.rows.at(-1) ?? {});

function narrowTick({ counted: passed, ...tick }: Tick, process: number, counted: number | null): Tick {
  const rows = tick.rows.filter(({ pid }) => pid === process);
  return { ...tick, rows, ...(passed && counted === process ? { counted: passed } : {}) };
}

function narrowTool(model: ToolModel, process: number, counted: number | null): ToolModel {
  if (!hasPid(model.tool)) {
    return counted !== null || !model.flags ? model : { ...model, coversAll: "machine" };
  }
  const rows = (all: readonly Row[]): readonly Row[] => all.filter(({ pid }) => pid === process);
  const { tick, events } = model;
  const droppedRows = model.droppedRows + restRows(tick);
  const narrowed = { tick: tick && narrowTick(tick, process, counted), events: rows(events) };
  const sums = counted !== process ? { sumsCoverAll: "machine" as const } : {};
  const drops = droppedRows > 0 && counted !== process ? { droppedOfAny: true as const } : {};
  return { ...model, ...narrowed, droppedRows, ...drops, ...sums, only: { pid: process, groups: [] } };
}

/** Caches the last result for each model, because one model is laid out several times. */
const cache = new WeakMap<
  object,
  { readonly pid: number; readonly counted: number | null; readonly tools: readonly ToolModel[] }
>();

/**
 * The tools of a model with only the rows of one process. Counters and histograms have no pid and still cover all processes
 * that were counted; they are marked as `coversAll`.
 *
 * @param counted The process that the kernel filtered by, so that nothing covers others; null: none.
 */
export function narrowTools(
  tools: readonly ToolModel[],
  pid: number,
  counted: number | null = null,
): readonly ToolModel[] {
  const cached = cache.get(tools);
  if (cached?.pid === pid && cached.counted === counted) return cached.tools;
  const narrowed = { pid, counted, tools: tools.map((tool) => narrowTool(tool, pid, counted)) };
  cache.set(tools, narrowed);
  return narrowed.tools;
}

/** Caches the last result for each list of tools. */
const grouped = new WeakMap<
  object,
  { readonly choice: string; readonly tools: readonly ToolModel[] }
>();

/** A tool with only the rows of groups, on top of what it is narrowed to. */
function toGroups(model: ToolModel, groups: readonly RowGroup[], counted: number | null): ToolModel {
  const covers = counted === null ? "machine" as const : "process" as const;
  const { tool, tick, events } = model;
  const droppedRows = model.droppedRows + restRows(tick);
  const hasColumns = isList(tool) && groups.every(({ key }) => tool.columns.some((one) => one.key === key));
  if (!hasColumns) {
    const measures = model.flags !== undefined && model.state.kind === "running";
    return measures && !model.coversAll ? { ...model, coversAll: covers } : model;
  }
  const only = { ...model.only, groups };
  const rows = (all: readonly Row[]): readonly Row[] => all.filter((row) => isShownRow(row, only));
  const isCounted = tick?.counted !== undefined && isCountedIn(tick.counted.filter, groups);
  const drops = droppedRows > 0 && !isCounted ? { droppedOfAny: true as const } : {};
  const narrowed = tick && { ...(isCounted ? tick : withoutCounts(tick)), rows: rows(tick.rows) };
  return {
    ...model,
    tick: narrowed,
    events: rows(events),
    droppedRows,
    sumsCoverAll: covers,
    ...drops,
    only,
  };
}

const withoutCounts = ({ counted: _, ...tick }: Tick): Tick => tick;

/**
 * The tools of a model with only the rows of groups. A tool whose rows do not have the columns, or which has no rows, is marked as
 * `coversAll`.
 *
 * @param counted The process that the kernel filtered by; null: none.
 */
export function narrowToGroups(
  tools: readonly ToolModel[],
  groups: readonly RowGroup[],
  counted: number | null,
): readonly ToolModel[] {
  if (groups.length === 0) return tools;
  const choice = `${counted} ${narrowingKey({ groups })}`;
  const cached = grouped.get(tools);
  if (cached?.choice === choice) return cached.tools;
  const narrowed = tools.map((tool) => toGroups(tool, groups, counted));
  grouped.set(tools, { choice, tools: narrowed });
  return narrowed;
}

/** The process that was counted, others were not; null: all were. */
export const countedPid = (pivot: Pivot | null | undefined): number | null =>
  pivot && pivot.state !== "gone" ? pivot.pid : null;

/** Whether the tool measured something else with these flags than with its present ones. */
const isOtherMeasure = ({ tool, flags: now = {} }: ToolModel, then: PastFlags["flags"]): boolean =>
  tool.flags.some(({ name, splitsPast, default: value }) =>
    splitsPast === true && (then[name] ?? value) !== (now[name] ?? value)
  );

/** The last time at which the tool measured something else than now; -Infinity: never. */
const otherMeasureUntil = (tool: ToolModel): number =>
  tool.pastFlags?.findLast(({ flags }) => isOtherMeasure(tool, flags))?.until ?? -Infinity;

/** Times of a tool's ticks in which other processes were counted. */
function timesOfOthers(
  { times }: ToolModel,
  snapshots: readonly Snapshot[],
  counted: number | null,
): number[] {
  let next = 0;
  return times.filter((time) => {
    while (next < snapshots.length && snapshots[next]!.time < time) next++;
    const snapshot = snapshots[next];
    return snapshot !== undefined && countedPid(snapshot.pivot) !== counted;
  });
}

/** A tool whose series are unknown in the intervals in which other processes or something else were measured. */
function scopedTool(tool: ToolModel, snapshots: readonly Snapshot[], counted: number | null): ToolModel {
  if (!tool.flags) return tool;
  const until = otherMeasureUntil(tool);
  const otherScope = new Set([
    ...timesOfOthers(tool, snapshots, counted),
    ...tool.times.filter((time) => time <= until),
  ]);
  if (otherScope.size === 0) return tool;
  const masked = (values: readonly number[]): number[] =>
    values.map((value, i) => otherScope.has(tool.times[i]!) ? NaN : value);
  const series = new Map([...tool.series].map(([key, values]) => [key, masked(values)]));
  return { ...tool, series, otherScope };
}

/** Caches the last result for each list of tools, because one model is laid out several times. */
const scoped = new WeakMap<
  object,
  { readonly counted: number | null; readonly tools: readonly ToolModel[] }
>();

/**
 * The tools of a model, whose graphs leave out intervals in which other processes were counted than `counted` (null: all were), or
 * in which flags made the tool measure something else.
 */
export function scopedTools(
  { tools, snapshots }: Pick<Model, "tools" | "snapshots">,
  counted: number | null,
): readonly ToolModel[] {
  const isOneScope = snapshots.every(({ pivot }) => countedPid(pivot) === counted) &&
    tools.every((tool) => otherMeasureUntil(tool) === -Infinity);
  if (isOneScope) return tools;
  const cached = scoped.get(tools);
  if (cached?.counted === counted) return cached.tools;
  const found = { counted, tools: tools.map((tool) => scopedTool(tool, snapshots, counted)) };
  scoped.set(tools, found);
  return found.tools;
}
