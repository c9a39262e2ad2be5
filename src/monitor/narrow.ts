/**
 * Keeps only the rows of one process. Pure. A replay and the past of a live screen use it: what was counted for all processes.
 *
 * @module
 */
import type { Model, Pivot, Row, ToolInfo, ToolModel } from "../model/mod.ts";

const rowsOf = ({ tick, events }: ToolModel): readonly Row[] => [...events, ...tick?.rows ?? []];

/** The process of a process or thread id, as the rows of a model describe it. */
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

/** The last narrowed form of each model: one model is arranged several times. */
const narrowed = new WeakMap<object, { readonly pid: number; readonly tools: readonly ToolModel[] }>();

/** The tools of a model with the rows of one process only. Counters and histograms have no pid and still cover all processes. */
export function narrowTools(tools: readonly ToolModel[], pid: number): readonly ToolModel[] {
  const known = narrowed.get(tools);
  if (known?.pid === pid) return known.tools;
  const made = { pid, tools: tools.map((tool) => narrowTool(tool, pid)) };
  narrowed.set(tools, made);
  return made.tools;
}
