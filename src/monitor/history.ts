/**
 * What a pane remembers of past ticks, bounded: series for sparklines, events, histograms and losses.
 *
 * @module
 */
import type { Histogram, Lost, Row, Tick, Tool } from "../tools/tool.ts";

/** Ticks kept for sparklines. */
const SERIES_LENGTH = 600;
/** Events kept for an event pane. */
const EVENTS_LENGTH = 1000;

/** Adds histograms slot by slot, matched by label. */
export function addHistograms(sum: readonly Histogram[], more: readonly Histogram[]): Histogram[] {
  const byLabel = new Map(sum.map((histogram) => [histogram.label, histogram]));
  for (const histogram of more) {
    const old = byLabel.get(histogram.label);
    const slots = histogram.slots.map((count, i) => count + (old?.slots[i] ?? 0));
    byLabel.set(histogram.label, { ...histogram, slots });
  }
  return [...byLabel.values()];
}

/** Immutable: each tick makes a new one, so that a paused screen keeps what it shows. */
export class History {
  readonly events: readonly Row[];
  readonly eventsDropped: number;
  readonly series: ReadonlyMap<string, readonly number[]>;
  readonly histograms: readonly Histogram[];
  readonly lost: Lost;

  private constructor(fields: Omit<History, "add">) {
    this.events = fields.events;
    this.eventsDropped = fields.eventsDropped;
    this.series = fields.series;
    this.histograms = fields.histograms;
    this.lost = fields.lost;
  }

  /** Nothing yet. */
  static readonly empty: History = new History({
    events: [],
    eventsDropped: 0,
    series: new Map(),
    histograms: [],
    lost: { events: 0, keys: 0 },
  });

  /** This history and one more tick of the tool it belongs to. */
  add(tick: Tick, tool: Tool): History {
    const series = new Map<string, readonly number[]>();
    for (const key of tool.graph) {
      let sum = 0;
      for (const row of tick.rows) sum += Number(row[key] ?? 0);
      series.set(key, [...(this.series.get(key) ?? []).slice(1 - SERIES_LENGTH), sum / tick.intervalS]);
    }
    const events = tool.view === "events" && tick.rows.length > 0
      ? [...this.events, ...tick.rows]
      : this.events;
    const excess = Math.max(0, events.length - EVENTS_LENGTH);
    return new History({
      events: excess > 0 ? events.slice(excess) : events,
      eventsDropped: this.eventsDropped + excess,
      series,
      histograms: tick.histograms ? addHistograms(this.histograms, tick.histograms) : this.histograms,
      lost: { events: this.lost.events + tick.lost.events, keys: this.lost.keys + tick.lost.keys },
    });
  }
}
