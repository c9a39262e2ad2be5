/**
 * Builds the history of a tool, tick by tick, within {@linkcode HISTORY_LIMITS}.
 *
 * @module
 */
import {
  addLost,
  type Column,
  type GraphSeries,
  hasRest,
  type Histogram,
  type History,
  isAddable,
  isGauge,
  keptRows,
  NO_PREFERENCE,
  NOTHING_LOST,
  type Row,
  type RowPreference,
  type Snapshot,
  type Tick,
  type ToolInfo,
  type ToolModel,
  type ToolState,
  UNITS,
} from "../../model/mod.ts";
import { EncodedTicks } from "./encoded_ticks.ts";
import { appended, HISTORY_LIMITS, type HistoryBytes, MOST_HISTORY, ticksToDrop } from "./limits.ts";

const countOf = ({ slots }: Histogram): number => slots.reduce((sum, count) => sum + count, 0);

/**
 * Adds histograms slot by slot, matched by label. At most {@linkcode HISTORY_LIMITS.histograms} labels are kept: those of
 * `more`, then those with the highest counts.
 *
 * @param sign −1 subtracts `more`.
 */
export function addHistograms(
  sum: readonly Histogram[],
  more: readonly Histogram[],
  sign: 1 | -1 = 1,
): Histogram[] {
  const byLabel = new Map(sum.map((histogram) => [histogram.label, histogram]));
  for (const histogram of more) {
    const old = byLabel.get(histogram.label);
    const length = Math.max(histogram.slots.length, old?.slots.length ?? 0);
    const slots = Array.from(
      { length },
      (_, i) => Math.max(0, (old?.slots[i] ?? 0) + sign * (histogram.slots[i] ?? 0)),
    );
    const sum = histogram.sum === undefined ? {} : { sum: (old?.sum ?? 0) + sign * histogram.sum };
    byLabel.set(histogram.label, { ...histogram, slots, ...sum });
  }
  const all = [...byLabel.values()];
  if (all.length <= HISTORY_LIMITS.histograms) return all;
  const fresh = new Set(more.map(({ label }) => label));
  const worth = new Map(all.map((histogram) => [histogram, countOf(histogram)]));
  const order = all.toSorted((a, b) =>
    Number(fresh.has(b.label)) - Number(fresh.has(a.label)) || worth.get(b)! - worth.get(a)!
  );
  const kept = new Set(order.slice(0, HISTORY_LIMITS.histograms));
  return all.filter((histogram) => kept.has(histogram));
}

/** What makes series: the entries of `graph`, and of counters all gauges, by column key. */
function seriesOf(tool: ToolInfo): Iterable<string | GraphSeries> {
  const gauges = tool.view === "counters" ? tool.columns.filter(isGauge) : [];
  return new Set([...tool.graph, ...gauges.map(({ key }) => key)]);
}

function sumOf(rows: readonly Row[], key: string): number {
  let sum = 0;
  for (const row of rows) sum += Number(row[key] ?? 0);
  return sum;
}

/** The level of all rows together; NaN if none is known, or if several rows may not be added. */
function levelOf(rows: readonly Row[], column: Column): number {
  const { key } = column;
  const known = rows.filter((row) => row[key] !== null && row[key] !== undefined);
  const addable = isAddable(column) || rows.length === 1;
  return addable && (known.length > 0 || rows.length === 0) ? sumOf(known, key) : NaN;
}

function columnValue({ rows, intervalS, rest }: Tick, key: string, tool: ToolInfo): number {
  const column = tool.columns.find((column) => column.key === key);
  const all = rest ? [...rows, rest.sums] : rows;
  return column && isGauge(column) ? levelOf(all, column) : sumOf(all, key) / intervalS;
}

/** The value of a series; of rows with a rest it is unknown. */
function graphValue(tick: Tick, { unit, value }: GraphSeries): number {
  const { rows, intervalS } = tick;
  const now = hasRest(tick) ? NaN : value(rows) ?? NaN;
  return UNITS[unit].graph === "rate" ? now / intervalS : now;
}

function seriesValue(tick: Tick, entry: string | GraphSeries, tool: ToolInfo): number {
  const value = typeof entry === "string" ? columnValue(tick, entry, tool) : graphValue(tick, entry);
  return Number.isFinite(value) ? value : NaN;
}

/** A history without ticks. */
export const NO_HISTORY: History = {
  events: [],
  eventOrders: [],
  eventsHaveGaps: false,
  eventsDropped: 0,
  tickCount: 0,
  times: [],
  starts: [],
  series: new Map(),
  histograms: [],
  restarts: [],
  lost: NOTHING_LOST,
  pastTicks: EncodedTicks.empty,
};

/** The history with its histograms summed from `time` on, wall clock in milliseconds. */
export function restartSums(history: History, time: number): History {
  const { histograms, restarts } = history;
  if (histograms.length === 0) return history;
  const kept = [...restarts, { time, histograms }].slice(-HISTORY_LIMITS.restarts);
  return { ...history, histograms: [], restarts: kept };
}

/** Lists of events that are within the limits, with the limit of bytes: a thousand rows need not be measured again each tick. */
const fitting = new WeakMap<readonly Row[], number>();

/** The events of a history with those of one more tick, within the limits. */
function addEvents(
  history: History,
  { rows, time, droppedRows = 0 }: Tick,
  maxBytes: number,
  preference: RowPreference,
): Pick<History, "events" | "eventOrders" | "eventsHaveGaps" | "eventsDropped"> {
  const { events: old, eventsDropped, eventsHaveGaps } = history;
  const { orders: eventOrders } = preference;
  const all = rows.length === 0 ? old : [...old, ...rows];
  const rankedSince = new Date(time - HISTORY_LIMITS.ageMs).toISOString();
  const events = fitting.get(all) === maxBytes
    ? all
    : keptRows(all, { most: HISTORY_LIMITS.events, maxBytes, ...preference, rankedSince });
  if (events === all) fitting.set(all, maxBytes);
  const areNewest = events[0] === all[all.length - events.length];
  const hasOld = events.length > 0 && old.includes(events[0]!);
  const hasGaps = !areNewest ||
    (droppedRows > 0 && (hasOld || preference.test !== null || eventOrders.length > 0));
  return {
    events,
    eventOrders,
    eventsHaveGaps: hasGaps || (eventsHaveGaps && hasOld),
    eventsDropped: eventsDropped + all.length - events.length,
  };
}

/** The first intervals with that of one more tick, from the oldest kept time on. A recording does not name its first ones. */
function startsWith(
  { starts, tickCount }: History,
  { isFirst, time }: Tick,
  oldest: number,
): readonly number[] {
  const kept = starts.length > 0 && starts[0]! < oldest ? starts.filter((start) => start >= oldest) : starts;
  return isFirst || tickCount === 0 ? [...kept, time] : kept;
}

/** The dropped events that a filter was applied to before, with those of one more tick. */
function filteredOut(history: History, { counted }: Tick, dropped: number): Pick<History, "filteredOut"> {
  if (!counted || counted.filter === "") return {};
  const { filter } = counted;
  const before = history.filteredOut?.filter === filter ? history.filteredOut.rows : 0;
  return { filteredOut: { filter, rows: before + dropped } };
}

/**
 * The history of a tool with one more tick.
 *
 * @param preference Rows that are dropped last.
 */
export function addTick(
  history: History,
  tick: Tick,
  tool: ToolInfo,
  limits: HistoryBytes = MOST_HISTORY,
  preference: RowPreference = NO_PREFERENCE,
): History {
  const { times, lost } = history;
  const drop = ticksToDrop(times.length, (i) => times[i] as number, tick.time);
  const series = new Map<string, readonly number[]>();
  for (const entry of seriesOf(tool)) {
    const key = typeof entry === "string" ? entry : entry.key;
    const old = history.series.get(key) ?? new Array<number>(times.length).fill(NaN);
    series.set(key, appended(old, seriesValue(tick, entry, tool), drop));
  }
  const added = tool.view === "events" ? tick : { ...tick, rows: [] };
  const listed = addEvents(history, added, limits.events, preference);
  const eventsDropped = listed.eventsDropped + (tick.droppedRows ?? 0);
  return {
    ...listed,
    eventsDropped,
    ...filteredOut(history, tick, eventsDropped - history.eventsDropped),
    tickCount: history.tickCount + 1,
    times: appended(times, tick.time, drop),
    starts: startsWith(history, tick, times[drop] ?? tick.time),
    series,
    histograms: tick.histograms ? addHistograms(history.histograms, tick.histograms) : history.histograms,
    restarts: history.restarts,
    lost: addLost(lost, tick.lost),
    pastTicks: history.pastTicks.add(tick, tool, limits.ticks, preference),
  };
}

/** The model of a tool from its state, its last tick and its history. */
export function toolModel(
  { tool, state, tick, history }: {
    tool: ToolInfo;
    state: ToolState;
    tick: Tick | null;
    history: History;
  },
): ToolModel {
  return { tool, state, tick, droppedRows: tick?.droppedRows ?? 0, ...history };
}

/** The snapshots with one more; the oldest are dropped by the same rule as ticks. */
export function addSnapshot(
  snapshots: readonly Snapshot[],
  { host, self, intervalS, time, pivot }: Snapshot,
): Snapshot[] {
  const drop = ticksToDrop(snapshots.length, (i) => snapshots[i]!.time, time);
  return appended(
    snapshots,
    { host, self, intervalS, time, ...(pivot === undefined ? {} : { pivot }) },
    drop,
  );
}
