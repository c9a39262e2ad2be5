/**
 * The history of a tool: past ticks, series for graphs, events, sums.
 *
 * @module
 */
import type { RowOrder, RowPreference } from "./selection.ts";
import type { Histogram, Lost, Row, Tick } from "./tick.ts";
import type { ToolInfo } from "./tool_info.ts";

/** A past tick without its rows. */
export interface PastTickSummary {
  readonly tick: Omit<Tick, "rows">;
  /** Rows that the tick had. */
  readonly rowCount: number;
  /** How many of them the history dropped. */
  readonly droppedRows: number;
  /** Of a table the sums of these rows, by the keys of columns that may be added; null: none were dropped. */
  readonly droppedSums: Row | null;
}

/** A past tick with the rows that the history kept. */
export interface PastTick extends PastTickSummary {
  readonly tick: Tick;
}

/** The kept rows of a past tick, by the reason why they were kept; the first that applies counts. */
export interface KeptCounts {
  /** Ranked first in an order when the tick was added, among all rows or those that passed the test. */
  readonly ranked: number;
  /** Passed the test. */
  readonly preferred: number;
  /** All kept rows. */
  readonly count: number;
  /** Rows that the tick had. */
  readonly rowCount: number;
}

/** A kept row of a past tick. */
export interface KeptRow {
  readonly row: Row;
  /** Its index in the tick. */
  readonly at: number;
  /** It passed the test when the tick was added. */
  readonly isPreferred: boolean;
}

/** Past ticks of one tool, oldest first, limited in number and bytes. Immutable. */
export interface TickHistory {
  readonly length: number;
  /**
   * A history with one more tick; the oldest are dropped to stay within the limits and `maxBytes`. Of its rows those that
   * are preferred are kept first, then of a table the first, of events the newest.
   */
  add(tick: Tick, tool: ToolInfo, maxBytes: number, preference: RowPreference): TickHistory;
  /** The ticks at or before `time`, wall clock in milliseconds. */
  until(time: number): TickHistory;
  /** The ticks after `time`. */
  after(time: number): TickHistory;
  /** Wall clock of a tick, milliseconds; null if there is none. */
  timeAt(index: number): number | null;
  /** Decodes a tick; null if there is none. */
  at(index: number): PastTick | null;
  /** How many rows of a tick were kept, and why. */
  keptAt(index: number): KeptCounts;
  /** Decodes of a tick only the first `most` kept rows: those that ranked first, then others that passed the test, then the rest. */
  firstAt(index: number, most: number): readonly KeptRow[];
  /** Of each tick from index `from` up to `to` the first kept row with these values; null if there is none. */
  rowsWith(values: Row, from: number, to: number): (Row | null)[];
  /** Decodes a tick without its rows, which is much cheaper; null if there is none. */
  summaryAt(index: number): PastTickSummary | null;
}

/** Sums that were started again, because the tool was filtered by another process from then on. */
export interface SumRestart {
  /** Wall clock of the restart, milliseconds. */
  readonly time: number;
  /** The sums until then. */
  readonly histograms: readonly Histogram[];
}

/** The history that a pane shows. Immutable, so that a paused screen keeps what it shows. */
export interface History {
  /** Event tools: the newest events, those that rank first in an order and those that pass the filter, oldest first. */
  readonly events: readonly Row[];
  /** The orders whose first events were kept last; none: the newest were kept. */
  readonly eventOrders: readonly RowOrder[];
  /** Events after the oldest one were dropped. */
  readonly eventsHaveGaps: boolean;
  /** Events that were dropped. */
  readonly eventsDropped: number;
  /** How many of these a filter was applied to before, and the filter. Absent: none. */
  readonly filteredOut?: { readonly filter: string; readonly rows: number };
  /** Ticks since the start, dropped ones included. */
  readonly tickCount: number;
  /** Wall clock of the values in {@linkcode History.series}, milliseconds, oldest first. */
  readonly times: readonly number[];
  /** The times of first intervals, after programs were attached, whose values do not set the scale of a graph. */
  readonly starts: readonly number[];
  /**
   * One value a tick by key: for each entry of `tool.graph` the rate per second, or the level of a gauge; for counters also
   * every other gauge. NaN: unknown.
   */
  readonly series: ReadonlyMap<string, readonly number[]>;
  /** Histograms summed since the start, or since the last restart. */
  readonly histograms: readonly Histogram[];
  /** Restarts of the histograms, oldest first; limited in number. */
  readonly restarts: readonly SumRestart[];
  /** Losses summed since the start. */
  readonly lost: Lost;
  readonly pastTicks: TickHistory;
}
