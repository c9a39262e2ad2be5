/**
 * Narrows ticks to the rows of one process, for recordings and past ticks, which cover all processes. Pure.
 *
 * @module
 */
import type { Model, Pivot, Row, ToolInfo, ToolModel } from "../model/mod.ts";

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

const hasPid = ({ columns }: ToolInfo): boolean => columns.some(({ key }) => key === "pid");

function narrowTool(model: ToolModel, process: number): ToolModel {
  if (!hasPid(model.tool)) return model;
  const rows = (all: readonly Row[]): readonly Row[] => all.filter(({ pid }) => pid === process);
  const { tick, events } = model;
  const narrowed = { tick: tick && { ...tick, rows: rows(tick.rows) }, events: rows(events) };
  return { ...model, ...narrowed, onlyPid: process };
}

/** Caches the last result for each model, because one model is laid out several times. */
const cache = new WeakMap<object, { readonly pid: number; readonly tools: readonly ToolModel[] }>();

/** The tools of a model with only the rows of one process. Counters and histograms have no pid and still cover all processes. */
export function narrowTools(tools: readonly ToolModel[], pid: number): readonly ToolModel[] {
  const cached = cache.get(tools);
  if (cached?.pid === pid) return cached.tools;
  const narrowed = { pid, tools: tools.map((tool) => narrowTool(tool, pid)) };
  cache.set(tools, narrowed);
  return narrowed.tools;
}
