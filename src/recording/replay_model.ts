/**
 * The model of a replay, built tick by tick. Pure.
 *
 * @module
 */
import type { Model, Snapshot } from "../model/mod.ts";
import { addSnapshot, addTick, NO_HISTORY, toolModel } from "../monitor/mod.ts";
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

/** The model after one more tick. */
export function nextModel(model: Model, header: RecordingHeader, recorded: RecordedTick): Model {
  const { host, kernel, intervalS } = header;
  const { self, time, toolTicks, failed } = recorded;
  const snapshot: Snapshot = { host: { host, kernel, ...recorded.host }, self, intervalS, time };
  const tools = header.tools.map(({ tool, state }, i) => {
    const tick = toolTicks.get(tool.name) ?? null;
    const before = model.tools[i]!;
    const history = tick ? addTick(before, tick, tool) : {};
    return { ...before, ...history, state: failed.get(tool.name) ?? state, tick };
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
