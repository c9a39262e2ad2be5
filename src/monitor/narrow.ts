/**
 * Narrows ticks to the rows of one process, for recordings and past ticks, which cover all processes. Pure.
 *
 * @module
 */
import { isList, type Model, type Pivot, type Row, type ToolInfo, type ToolModel } from "../model/mod.ts";

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

function narrowTool(model: ToolModel, process: number, isCounted: boolean): ToolModel {
  if (!hasPid(model.tool)) return isCounted || !model.flags ? model : { ...model, coversAll: true };
  const rows = (all: readonly Row[]): readonly Row[] => all.filter(({ pid }) => pid === process);
  const { tick, events } = model;
  const narrowed = { tick: tick && { ...tick, rows: rows(tick.rows) }, events: rows(events) };
  return { ...model, ...narrowed, onlyPid: process };
}

/** Caches the last result for each model, because one model is laid out several times. */
const cache = new WeakMap<
  object,
  { readonly pid: number; readonly isCounted: boolean; readonly tools: readonly ToolModel[] }
>();

/**
 * The tools of a model with only the rows of one process. Counters and histograms have no pid and still cover all processes
 * that were counted; they are marked as `coversAll`.
 *
 * @param isCounted The kernel filtered by this process, so that nothing covers others.
 */
export function narrowTools(
  tools: readonly ToolModel[],
  pid: number,
  isCounted = false,
): readonly ToolModel[] {
  const cached = cache.get(tools);
  if (cached?.pid === pid && cached.isCounted === isCounted) return cached.tools;
  const narrowed = { pid, isCounted, tools: tools.map((tool) => narrowTool(tool, pid, isCounted)) };
  cache.set(tools, narrowed);
  return narrowed.tools;
}
