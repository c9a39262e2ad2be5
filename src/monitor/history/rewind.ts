/**
 * Reconstructs the model at a past time from the history in the newest model. Pure. The live monitor and a replay share it.
 *
 * @module
 */
import {
  type Histogram,
  type Model,
  RANKED_PART,
  type Row,
  type Snapshot,
  type Tick,
  type TickHistory,
  type ToolModel,
  type ToolState,
} from "../../model/mod.ts";
import { addHistograms } from "./history.ts";
import { HISTORY_LIMITS, lastNotAfter } from "./limits.ts";

/** The events that rank first in each tick, newest tick first: all of the newest tick, an equal share (at least one) of each older one. */
function rankedOf(ticks: TickHistory): (readonly Row[])[] {
  // Of ten minutes at the usual interval: with more ticks the shares would exceed the list.
  const count = Math.min(ticks.length, HISTORY_LIMITS.fewestTicks);
  const share = Math.max(1, Math.floor(HISTORY_LIMITS.events * RANKED_PART / count));
  return Array.from(
    { length: count },
    (_, back) => ticks.rankedAt(ticks.length - 1 - back, back === 0 ? Infinity : share),
  );
}

const rowsAt = (ticks: TickHistory, index: number): readonly Row[] =>
  ticks.summaryAt(index)?.rowCount ? ticks.at(index)?.tick.rows ?? [] : [];

/** As many events of these ticks as a pane holds: those that ranked first, then the newest that passed a filter, then the newest. */
function eventsOf(ticks: TickHistory): Pick<ToolModel, "events" | "eventsHaveGaps"> {
  const newestFirst = rankedOf(ticks);
  const ranked = newestFirst.reduce((sum, { length }) => sum + length, 0);
  let room = HISTORY_LIMITS.events - ranked;
  /** Replaces the rows of each tick, newest first, by more rows until the list is full; of the last tick all rows, if `exceeds`. */
  const addRows = (more: (index: number, current: number) => readonly Row[], exceeds: boolean): void => {
    for (let back = 0; back < ticks.length && room > 0; back++) {
      const current = newestFirst[back] ?? [];
      const rows = more(ticks.length - 1 - back, current.length);
      const added = Math.max(0, rows.length - current.length);
      if (added > 0 && (added <= room || exceeds)) newestFirst[back] = rows;
      room -= added;
    }
  };
  addRows((index, current) => ticks.preferredAt(index, current + room), false);
  const newestOnly = room === HISTORY_LIMITS.events;
  addRows((index) => rowsAt(ticks, index), newestOnly);
  const events = newestFirst.reverse().flat().slice(-HISTORY_LIMITS.events);
  return { events, eventsHaveGaps: ranked > 0 };
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
function flagsAt({ flags, pastFlags }: ToolModel, time: number): Pick<ToolModel, "flags" | "pastFlags"> {
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
  const listed = tool.tool.view === "events" ? eventsOf(pastTicks) : { events: [], eventsHaveGaps: false };
  const eventsSeen = tool.eventsDropped + tool.events.length - laterRows;
  return {
    tool: tool.tool,
    ...flagsAt(tool, time),
    state: stateAt(tool, tick),
    tick,
    droppedRows: found?.droppedRows ?? 0,
    ...(found?.droppedSums ? { droppedSums: found.droppedSums } : {}),
    ...listed,
    eventOrder: tool.eventOrder,
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
