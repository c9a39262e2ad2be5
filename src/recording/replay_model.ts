/**
 * The model of a replay, built tick by tick. Pure.
 *
 * @module
 */
import {
  fittingRows,
  type Model,
  type RowSelection,
  type RowTest,
  type Snapshot,
  type Tick,
  type ToolInfo,
} from "../model/mod.ts";
import { addSnapshot, addTick, NO_HISTORY, type ReplayLimits, toolModel } from "../monitor/mod.ts";
import type { RecordedTick, RecordingHeader } from "./format.ts";

/** The model before the first tick. */
export function initialModel(header: RecordingHeader): Model {
  const { host, kernel, startedMs, intervalS, restrictions, tools } = header;
  return {
    host: { host, kernel, uptimeS: 0, load: [0, 0, 0], tasks: { running: 0, total: 0 } },
    self: { cpuMsPerS: null, rssBytes: 0 },
    intervalS,
    time: startedMs,
    tools: tools.map(({ tool, flags, state }) => ({
      ...toolModel({ tool, state, tick: null, history: NO_HISTORY }),
      flags,
    })),
    restrictions,
    snapshots: [],
  };
}

/** The tick of a tool with as many rows as fit: the newest events, or the first rows of a table. */
function limitedTick(tick: Tick, { view }: ToolInfo, maxBytes: number): Tick {
  const { rows, droppedRows = 0 } = tick;
  const newest = view === "events";
  const count = fittingRows(rows, maxBytes, newest);
  if (count === rows.length) return tick;
  const kept = newest ? rows.slice(rows.length - count) : rows.slice(0, count);
  return { ...tick, rows: kept, droppedRows: droppedRows + rows.length - count };
}

/** A recorded tick within the limits of each tool. */
export function limited(
  recorded: RecordedTick,
  { tools }: RecordingHeader,
  { tickBytes }: ReplayLimits,
): RecordedTick {
  const toolTicks = new Map<string, Tick>();
  for (const { tool } of tools) {
    const tick = recorded.toolTicks.get(tool.name);
    if (tick) toolTicks.set(tool.name, limitedTick(tick, tool, tickBytes));
  }
  return { ...recorded, toolTicks };
}

/** A tick with the number of its rows that a pane's filter selects, and the test that they pass. */
function selected(tick: Tick, selections: readonly RowSelection[]): { tick: Tick; test: RowTest | null } {
  const selection = selections.find(({ tool }) => tool === tick.tool);
  const test = selection?.test?.(tick.intervalS) ?? null;
  if (!selection || test === null || (tick.droppedRows ?? 0) > 0) return { tick, test };
  const passed = new Set(tick.rows.filter(test));
  const counted = { filter: selection.filter, by: null, passed: passed.size };
  return { tick: { ...tick, counted }, test };
}

/** How much of past ticks is kept: without `limits` as much as for any tool, and the rows that a pane's filter selects. */
export interface NextOptions {
  readonly limits?: ReplayLimits;
  readonly selections?: readonly RowSelection[];
}

/** The model after one more tick. */
export function nextModel(
  model: Model,
  header: RecordingHeader,
  recorded: RecordedTick,
  { limits, selections = [] }: NextOptions = {},
): Model {
  const { host, kernel, intervalS } = header;
  const { self, time, toolTicks, failed } = recorded;
  const snapshot: Snapshot = { host: { host, kernel, ...recorded.host }, self, intervalS, time };
  const tools = header.tools.map(({ tool, state }, i) => {
    const found = toolTicks.get(tool.name);
    const { tick, test } = found ? selected(found, selections) : { tick: null, test: null };
    const before = model.tools[i]!;
    const history = tick ? addTick(before, tick, tool, limits?.history, test) : {};
    return {
      ...before,
      ...history,
      state: failed.get(tool.name) ?? state,
      tick,
      droppedRows: tick?.droppedRows ?? 0,
    };
  });
  return { ...model, ...snapshot, tools, snapshots: addSnapshot(model.snapshots, snapshot) };
}

/** The model without its history. */
export function withoutHistory(model: Model): Model {
  const tools = model.tools.map((tool) => ({
    ...tool,
    ...toolModel({ ...tool, history: NO_HISTORY }),
  }));
  return { ...model, tools, snapshots: [] };
}
