/**
 * Reconstructs the model at a past time from the history in the newest model. Pure. The live monitor and a replay share it.
 *
 * @module
 */
import {
  chooseRows,
  type Histogram,
  type KeptCounts,
  type KeptRow,
  type Model,
  type Snapshot,
  type Tick,
  type TickHistory,
  type ToolModel,
  type ToolState,
} from "../../model/mod.ts";
import { addHistograms } from "./history.ts";
import { HISTORY_LIMITS, lastNotAfter } from "./limits.ts";

/** Kept rows of a past tick that have been decoded, in the order in which they were kept. */
interface DecodedTick {
  readonly index: number;
  readonly kept: KeptCounts;
  rows: readonly KeptRow[];
}

/** The rows from which a list is chosen: enough for the newest and those that passed a filter, and the first `ranked` of other ticks. */
function decodeTicks(ticks: TickHistory, ranked: number): DecodedTick[] {
  let room = HISTORY_LIMITS.events;
  let preferredRoom = HISTORY_LIMITS.events;
  const decoded: DecodedTick[] = [];
  for (let index = ticks.length - 1; index >= 0; index--) {
    const kept = ticks.keptAt(index);
    let most = Math.min(kept.ranked, ranked);
    if (preferredRoom > 0 && kept.preferred > 0) most = kept.ranked + kept.preferred;
    if (room > 0) most = kept.count;
    if (most > 0) decoded.push({ index, kept, rows: ticks.firstAt(index, most) });
    preferredRoom -= kept.preferred;
    room -= kept.count;
  }
  return decoded.reverse();
}

/** A decoded row, its tick, and its place in that tick's order of keeping. */
interface Candidate extends KeptRow {
  readonly tick: DecodedTick;
  readonly place: number;
}

const candidatesOf = (tick: DecodedTick): Candidate[] =>
  tick.rows.map((kept, place) => ({ ...kept, tick, place })).sort((a, b) => a.at - b.at);

/** Whether these are the newest rows of the ticks, none left out. */
function areNewest(chosen: readonly Candidate[], ticks: TickHistory): boolean {
  const oldest = chosen[0]?.tick.index ?? 0;
  let rowCount = 0;
  for (let i = oldest; i < ticks.length; i++) rowCount += ticks.keptAt(i).rowCount;
  return rowCount - (chosen[0]?.at ?? 0) === chosen.length;
}

/**
 * As many events of these ticks as a pane holds, chosen as from a list that had all. Of a tick that ranks high, more rows are decoded
 * until those that were decoded last are not chosen.
 */
function eventsOf(
  ticks: TickHistory,
  { eventOrders: orders }: ToolModel,
  time: number,
): Pick<ToolModel, "events" | "eventsHaveGaps"> {
  const step = Math.max(1, 2 * orders.length);
  const decoded = decodeTicks(ticks, step);
  const rankedSince = new Date(time - HISTORY_LIMITS.ageMs).toISOString();
  for (;;) {
    const all = decoded.flatMap(candidatesOf);
    const { isKept } = chooseRows({
      length: all.length,
      rowAt: (i) => all[i]!.row,
      bytesAt: () => 0,
      isPreferred: (i) => all[i]!.isPreferred,
      orders,
      rankedSince,
      most: HISTORY_LIMITS.events,
      maxBytes: Infinity,
    });
    const chosen = all.filter((_, i) => isKept[i]);
    const incomplete = new Set(
      chosen.filter(({ tick: { rows, kept }, place }) =>
        rows.length < kept.ranked && place >= rows.length - step
      ).map(({ tick }) => tick),
    );
    if (incomplete.size === 0) {
      return { events: chosen.map(({ row }) => row), eventsHaveGaps: !areNewest(chosen, ticks) };
    }
    for (const tick of incomplete) {
      tick.rows = ticks.firstAt(tick.index, Math.min(tick.kept.ranked, 2 * tick.rows.length));
    }
  }
}

/** The sums up to a time: those of the next restart, or the newest, minus those of the ticks in between. `laterRows`: the rows of all later ticks. */
function sumsAt(tool: ToolModel, time: number): Pick<ToolModel, "histograms" | "lost"> & {
  laterRows: number;
} {
  const later = tool.pastTicks.after(time);
  const next = tool.restarts.find((restart) => restart.time >= time) ?? { ...tool, time: Infinity };
  let { events, keys, runs } = tool.lost;
  let laterRows = 0;
  const counts = new Map<string, Histogram & { slots: number[] }>();
  for (let i = 0; i < later.length; i++) {
    const summary = later.summaryAt(i);
    if (!summary) continue;
    events -= summary.tick.lost.events;
    keys -= summary.tick.lost.keys;
    runs -= summary.tick.lost.runs;
    laterRows += summary.rowCount;
    if (summary.tick.time > next.time) continue;
    for (const histogram of summary.tick.histograms ?? []) {
      const sum = counts.get(histogram.label)?.slots;
      if (!sum) counts.set(histogram.label, { ...histogram, slots: [...histogram.slots] });
      else histogram.slots.forEach((count, slot) => sum[slot] = (sum[slot] ?? 0) + count);
    }
  }
  const histograms = counts.size > 0
    ? addHistograms(next.histograms, [...counts.values()], -1)
    : next.histograms;
  return { histograms, lost: { events, keys, runs }, laterRows };
}

/** The state at that time: a tool that has a tick was running. */
function stateAt({ state }: ToolModel, tick: Tick | null): ToolState {
  if (!tick) return state;
  return { kind: "running", tier: tick.tier, missing: state.kind === "running" ? state.missing : [] };
}

/** The flags in effect at that time. `pastFlags` is for earlier times. */
export function flagsAt(
  { flags, pastFlags }: Pick<ToolModel, "flags" | "pastFlags">,
  time: number,
): Pick<ToolModel, "flags" | "pastFlags"> {
  const then = pastFlags?.find(({ until }) => time <= until)?.flags ?? flags;
  return {
    ...(then === undefined ? {} : { flags: then }),
    ...(pastFlags === undefined ? {} : { pastFlags }),
  };
}

/** A tool at the snapshot of `time`: its tick is the newest after the snapshot `before` and not after this one; null if there is none. */
function toolAt(tool: ToolModel, time: number, before: number): ToolModel {
  const pastTicks = tool.pastTicks.until(time);
  const last = pastTicks.length - 1;
  const found = (pastTicks.timeAt(last) ?? -Infinity) > before ? pastTicks.at(last) : null;
  const tick = found?.tick ?? null;
  const until = tool.times.findLastIndex((at) => at <= time) + 1;
  const { laterRows, ...sums } = sumsAt(tool, time);
  const listed = tool.tool.view === "events"
    ? eventsOf(pastTicks, tool, time)
    : { events: [], eventsHaveGaps: false };
  const eventsSeen = tool.eventsDropped + tool.events.length - laterRows;
  return {
    tool: tool.tool,
    ...flagsAt(tool, time),
    state: stateAt(tool, tick),
    tick,
    droppedRows: found?.droppedRows ?? 0,
    ...(found?.droppedSums ? { droppedSums: found.droppedSums } : {}),
    ...listed,
    eventOrders: tool.eventOrders,
    eventsDropped: tool.tool.view === "events" ? Math.max(0, eventsSeen - listed.events.length) : 0,
    tickCount: tool.tickCount - (tool.times.length - until),
    times: tool.times.slice(0, until),
    starts: tool.starts.filter((start) => start <= time),
    series: new Map([...tool.series].map(([key, values]) => [key, values.slice(0, until)])),
    ...sums,
    restarts: tool.restarts.filter((restart) => restart.time < time),
    pastTicks,
  };
}

/**
 * The model at the last snapshot that is not after `time` (wall clock, milliseconds), else at the oldest one; the model
 * itself if there is no snapshot.
 */
export function modelAt(model: Model, time: number): Model {
  const { snapshots } = model;
  const index = Math.max(0, lastNotAfter(snapshots, time));
  const snapshot = snapshots[index];
  if (!snapshot) return model;
  const before = snapshots[index - 1]?.time ?? -Infinity;
  return {
    ...snapshot,
    tools: model.tools.map((tool) => toolAt(tool, snapshot.time, before)),
    snapshots: snapshots.slice(0, index + 1),
  };
}

/**
 * The snapshot `steps` ticks after (negative: before) the one at `time`, limited to the oldest and the newest; null if there
 * are none.
 */
export function snapshotAt({ snapshots }: Model, time: number, steps: number): Snapshot | null {
  const index = lastNotAfter(snapshots, time) + steps;
  return snapshots[Math.max(0, Math.min(index, snapshots.length - 1))] ?? null;
}
