/**
 * The screen's model as it was at a moment that is kept. Pure: from the newest model, which carries its past, to an older
 * one of the same form, so that the screen has one way of drawing. Live monitor and replay use the same.
 *
 * @module
 */
import type {
  Histogram,
  History,
  Model,
  Moment,
  Row,
  Tick,
  TickHistory,
  ToolInfo,
  ToolModel,
  ToolState,
} from "../../model/mod.ts";
import { addHistograms } from "./history.ts";
import { appended, KEPT, lastNotAfter, ticksToDrop } from "./limits.ts";

/** The model of a tool from where it stands, its last tick and its history. */
export function toolModel(
  { tool, state, tick, history }: {
    tool: ToolInfo;
    state: ToolState;
    tick: Tick | null;
    history: History;
  },
): ToolModel {
  return { tool, state, tick, droppedRows: 0, ...history };
}

/** The moments with one more, bounded as ticks are. */
export function addMoment(moments: readonly Moment[], { host, self, intervalS, time }: Moment): Moment[] {
  const drop = ticksToDrop(moments.length, (i) => moments[i]!.time, time);
  return appended(moments, { host, self, intervalS, time }, drop);
}

/** The events up to the newest of these ticks: as many as an event pane holds. */
function eventsOf(ticks: TickHistory): Row[] {
  const newestFirst: Row[][] = [];
  let count = 0;
  for (let i = ticks.length - 1; i >= 0 && count < KEPT.events; i--) {
    const rows = ticks.headAt(i)?.rowCount ? ticks.at(i)?.tick.rows ?? [] : [];
    count += rows.length;
    if (rows.length > 0) newestFirst.push([...rows]);
  }
  return newestFirst.reverse().flat().slice(-KEPT.events);
}

/** What was since the start, without what came later. */
function sumsBefore(tool: ToolModel, later: TickHistory): Pick<ToolModel, "histograms" | "lost"> & {
  laterRows: number;
} {
  let { events, keys } = tool.lost;
  let laterRows = 0;
  const counts = new Map<string, Histogram & { slots: number[] }>();
  for (let i = 0; i < later.length; i++) {
    const head = later.headAt(i);
    if (!head) continue;
    events -= head.tick.lost.events;
    keys -= head.tick.lost.keys;
    laterRows += head.rowCount;
    for (const histogram of head.tick.histograms ?? []) {
      const sum = counts.get(histogram.label)?.slots;
      if (!sum) counts.set(histogram.label, { ...histogram, slots: [...histogram.slots] });
      else histogram.slots.forEach((count, slot) => sum[slot] = (sum[slot] ?? 0) + count);
    }
  }
  const histograms = counts.size > 0
    ? addHistograms(tool.histograms, [...counts.values()], -1)
    : tool.histograms;
  return { histograms, lost: { events, keys }, laterRows };
}

/** State then: a tool that ticked was running. */
function stateAt({ state }: ToolModel, tick: Tick | null): ToolState {
  if (!tick) return state;
  return { kind: "running", tier: tick.tier, missing: state.kind === "running" ? state.missing : [] };
}

/** A tool as it was: its tick of the moment is the last one that is not after it, but after the moment before. */
function toolAt(tool: ToolModel, time: number, before: number): ToolModel {
  const kept = tool.kept.until(time);
  const last = kept.length - 1;
  const found = (kept.timeAt(last) ?? -Infinity) > before ? kept.at(last) : null;
  const tick = found?.tick ?? null;
  const until = tool.times.findLastIndex((at) => at <= time) + 1;
  const { laterRows, ...sums } = sumsBefore(tool, tool.kept.after(time));
  const events = tool.tool.view === "events" ? eventsOf(kept) : [];
  const seen = tool.eventsDropped + tool.events.length - laterRows;
  return {
    tool: tool.tool,
    state: stateAt(tool, tick),
    tick,
    droppedRows: found?.droppedRows ?? 0,
    events,
    eventsDropped: tool.tool.view === "events" ? Math.max(0, seen - events.length) : 0,
    ticks: tool.ticks - (tool.times.length - until),
    times: tool.times.slice(0, until),
    series: new Map([...tool.series].map(([key, values]) => [key, values.slice(0, until)])),
    ...sums,
    kept,
  };
}

/**
 * The model as it was at the last kept moment that is not after `time` (wall clock, milliseconds), or at the oldest one; the model
 * itself where nothing is kept.
 */
export function modelAt(model: Model, time: number): Model {
  const { moments } = model;
  const index = Math.max(0, lastNotAfter(moments, time));
  const moment = moments[index];
  if (!moment) return model;
  const before = moments[index - 1]?.time ?? -Infinity;
  return {
    ...moment,
    tools: model.tools.map((tool) => toolAt(tool, moment.time, before)),
    moments: moments.slice(0, index + 1),
  };
}

/** The kept moment `steps` ticks before (negative) or after the one at `time`; null where nothing is kept. */
export function momentBeside({ moments }: Model, time: number, steps: number): Moment | null {
  const index = lastNotAfter(moments, time) + steps;
  return moments[Math.max(0, Math.min(index, moments.length - 1))] ?? null;
}
