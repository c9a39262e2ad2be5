/**
 * The model of a replay, built tick by tick. Pure.
 *
 * @module
 */
import {
  fittingRows,
  type FlagValue,
  keptOrders,
  keptRows,
  type Model,
  type RowPreference,
  type RowSelection,
  type Snapshot,
  type Tick,
  type ToolInfo,
  type ToolModel,
} from "../model/mod.ts";
import {
  addSnapshot,
  addTick,
  HISTORY_LIMITS,
  NO_HISTORY,
  type ReplayLimits,
  toolModel,
} from "../monitor/mod.ts";
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

/** The tick of a tool with as many rows as fit: of events those that the pane prefers and the newest, of a table the first. */
function limitedTick(
  tick: Tick,
  tool: ToolInfo,
  { maxBytes, selections }: { maxBytes: number; selections: readonly RowSelection[] },
): Tick {
  const { rows, droppedRows = 0 } = tick;
  const kept = tool.view === "events"
    ? keptRows(rows, { most: Infinity, maxBytes, ...selected(tick, tool, selections).preference })
    : rows.slice(0, fittingRows(rows, maxBytes));
  if (kept.length === rows.length) return tick;
  return { ...tick, rows: kept, droppedRows: droppedRows + rows.length - kept.length };
}

/** A tick whose dropped rows are not among its losses. */
function withDropped(tick: Tick, { view }: ToolInfo, dropped: number): Tick {
  if (dropped === 0) return tick;
  const kind = view === "events" ? "events" : "keys";
  const lost = { ...tick.lost, [kind]: Math.max(0, tick.lost[kind] - dropped) };
  return { ...tick, lost, droppedRows: (tick.droppedRows ?? 0) + dropped };
}

/** A recorded tick within the limits of each tool. */
export function limited(
  recorded: RecordedTick,
  { tools }: RecordingHeader,
  { tickBytes: maxBytes }: ReplayLimits,
  selections: readonly RowSelection[] = [],
): RecordedTick {
  const toolTicks = new Map<string, Tick>();
  for (const { tool } of tools) {
    const tick = recorded.toolTicks.get(tool.name);
    if (!tick) continue;
    const known = withDropped(tick, tool, recorded.dropped.get(tool.name) ?? 0);
    toolTicks.set(tool.name, limitedTick(known, tool, { maxBytes, selections }));
  }
  return { ...recorded, toolTicks };
}

/** A tick with the number of its rows that a pane's filter selects, and which rows the pane prefers. */
function selected(
  tick: Tick,
  tool: ToolInfo,
  selections: readonly RowSelection[],
): { tick: Tick; preference: RowPreference } {
  const selection = selections.find(({ tool }) => tool === tick.tool);
  const test = selection?.test?.(tick.intervalS) ?? null;
  const preference = { test, orders: keptOrders(tool, selection?.order ?? null) };
  if (!selection || test === null || (tick.droppedRows ?? 0) > 0) return { tick, preference };
  const passed = new Set(tick.rows.filter(test));
  const counted = { filter: selection.filter, by: null, passed: passed.size };
  return { tick: { ...tick, counted }, preference };
}

/** How much of past ticks is kept: without `limits` as much as for any tool, and the rows that a pane's filter selects. */
export interface NextOptions {
  readonly limits?: ReplayLimits;
  readonly selections?: readonly RowSelection[];
}

/** The flags of a tool, with the earlier ones, which were in effect until a time. */
function flagsFrom(
  { flags: before, pastFlags = [], tickCount }: ToolModel,
  flags: Readonly<Record<string, FlagValue>>,
  until: number,
): Pick<ToolModel, "flags" | "pastFlags"> {
  if (before === undefined || tickCount === 0 || JSON.stringify(before) === JSON.stringify(flags)) {
    return { flags, pastFlags };
  }
  return { flags, pastFlags: [...pastFlags, { until, flags: before }].slice(-HISTORY_LIMITS.pastFlags) };
}

/** The model after one more tick. */
export function nextModel(
  model: Model,
  header: RecordingHeader,
  recorded: RecordedTick,
  { limits, selections = [] }: NextOptions = {},
): Model {
  const { host, kernel, intervalS } = header;
  const { self, time, toolTicks, failed, pivot } = recorded;
  const snapshot: Snapshot = { host: { host, kernel, ...recorded.host }, self, intervalS, time, pivot };
  const tools = header.tools.map(({ tool, state, flags }, i) => {
    const found = toolTicks.get(tool.name);
    const { tick, preference } = found
      ? selected(found, tool, selections)
      : { tick: null, preference: undefined };
    const before = model.tools[i]!;
    const history = tick ? addTick(before, tick, tool, limits?.history, preference) : {};
    return {
      ...before,
      ...history,
      ...flagsFrom(before, recorded.flags.get(tool.name) ?? flags, model.time),
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
