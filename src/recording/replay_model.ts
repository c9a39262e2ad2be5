/**
 * The model of a replay, built tick by tick. Pure.
 *
 * @module
 */
import { fittingRows, type Model, type Snapshot, type Tick, type ToolInfo } from "../model/mod.ts";
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

/** The model after one more tick. Without `limits` the history is as long as it may be for any tool. */
export function nextModel(
  model: Model,
  header: RecordingHeader,
  recorded: RecordedTick,
  limits?: ReplayLimits,
): Model {
  const { host, kernel, intervalS } = header;
  const { self, time, toolTicks, failed } = recorded;
  const snapshot: Snapshot = { host: { host, kernel, ...recorded.host }, self, intervalS, time };
  const tools = header.tools.map(({ tool, state }, i) => {
    const tick = toolTicks.get(tool.name) ?? null;
    const before = model.tools[i]!;
    const history = tick ? addTick(before, tick, tool, limits?.history) : {};
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
