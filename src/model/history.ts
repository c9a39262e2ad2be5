/**
 * What a pane remembers of past ticks.
 *
 * @module
 */
import type { Histogram, Lost, Row, Tick } from "./tick.ts";
import type { ToolInfo } from "./tool_info.ts";

/** A tick as it was, without its rows. */
export interface PastTickHead {
  readonly tick: Omit<Tick, "rows">;
  /** Rows it had, and how many of them were not kept. */
  readonly rowCount: number;
  readonly droppedRows: number;
}

/** A tick as it was, but for the rows that were let go. */
export interface PastTick extends PastTickHead {
  readonly tick: Tick;
}

/** Past ticks of one tool, oldest first, bounded in number and bytes. Immutable. */
export interface TickHistory {
  readonly length: number;
  /** The history with one more tick; the oldest are dropped where there are too many. */
  add(tick: Tick, tool: ToolInfo): TickHistory;
  /** The ticks at or before `time`, wall clock in milliseconds. */
  until(time: number): TickHistory;
  /** The ticks after `time`. */
  after(time: number): TickHistory;
  /** Wall clock of a tick, milliseconds; null outside. */
  timeAt(index: number): number | null;
  /** A tick; null outside. */
  at(index: number): PastTick | null;
  /** A tick without its rows, which is much cheaper to decode; null outside. */
  headAt(index: number): PastTickHead | null;
}

/** What a pane remembers. Immutable: each tick makes a new one, so that a paused screen keeps what it shows. */
export interface History {
  /** Event tools: the newest events, oldest first, bounded; how many older ones were let go. */
  readonly events: readonly Row[];
  readonly eventsDropped: number;
  /** Ticks since the start, those that are no longer kept too. */
  readonly ticks: number;
  /** Wall clock of the values in {@linkcode History.series}, milliseconds, oldest first. */
  readonly times: readonly number[];
  /**
   * Per column key of `tool.graph`, one value a tick: the sum over rows per second, or of a gauge the level. Of counters also
   * each gauge that `graph` does not name. NaN: unknown.
   */
  readonly series: ReadonlyMap<string, readonly number[]>;
  /** Histograms summed since the start. */
  readonly histograms: readonly Histogram[];
  /** Losses summed since the start. */
  readonly lost: Lost;
  /** The ticks themselves. */
  readonly kept: TickHistory;
}
