/**
 * Narrows ticks to the rows of one process, for recordings and past ticks, which cover all processes. Pure.
 *
 * @module
 */
import {
  isList,
  type Model,
  type Pivot,
  type Row,
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

function narrowTick({ counted: passed, ...tick }: Tick, process: number, counted: number | null): Tick {
  const rows = tick.rows.filter(({ pid }) => pid === process);
  return { ...tick, rows, ...(passed && counted === process ? { counted: passed } : {}) };
}

function narrowTool(model: ToolModel, process: number, counted: number | null): ToolModel {
  if (!hasPid(model.tool)) return counted !== null || !model.flags ? model : { ...model, coversAll: true };
  const rows = (all: readonly Row[]): readonly Row[] => all.filter(({ pid }) => pid === process);
  const { tick, events, droppedRows } = model;
  const narrowed = { tick: tick && narrowTick(tick, process, counted), events: rows(events) };
  const sums = counted !== process ? { sumsCoverAll: true as const } : {};
  const drops = droppedRows > 0 && counted !== process ? { droppedOfAny: true as const } : {};
  return { ...model, ...narrowed, ...drops, ...sums, onlyPid: process };
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

/** The process that was counted, others were not; null: all were. */
export const countedPid = (pivot: Pivot | null | undefined): number | null =>
  pivot && pivot.state !== "gone" ? pivot.pid : null;

/** A tool whose series are unknown in the intervals in which other processes were counted. */
function scopedTool(tool: ToolModel, snapshots: readonly Snapshot[], counted: number | null): ToolModel {
  if (!tool.flags) return tool;
  const otherScope = new Set<number>();
  let next = 0;
  for (const time of tool.times) {
    while (next < snapshots.length && snapshots[next]!.time < time) next++;
    const snapshot = snapshots[next];
    if (snapshot && countedPid(snapshot.pivot) !== counted) otherScope.add(time);
  }
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

/** The tools of a model, whose graphs leave out intervals in which other processes were counted than `counted`; null: all were. */
export function scopedTools(
  { tools, snapshots }: Pick<Model, "tools" | "snapshots">,
  counted: number | null,
): readonly ToolModel[] {
  if (snapshots.every(({ pivot }) => countedPid(pivot) === counted)) return tools;
  const cached = scoped.get(tools);
  if (cached?.counted === counted) return cached.tools;
  const found = { counted, tools: tools.map((tool) => scopedTool(tool, snapshots, counted)) };
  scoped.set(tools, found);
  return found.tools;
}
