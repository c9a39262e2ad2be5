/**
 * How much history is kept, and which ticks are dropped to stay within it.
 *
 * @module
 */

/** Limits for one tool. */
export const HISTORY_LIMITS = {
  /** Older ticks are dropped, milliseconds. */
  ageMs: 600_000,
  /** But at least this many are kept: at intervals above a second the history reaches further back than `ageMs`. */
  fewestTicks: 600,
  /** At most this many are kept: at intervals below half a second the history is shorter (two minutes at 0.1 s). */
  mostTicks: 1200,
  /** Rows of one tick: of a table the first in the tool's order, of events the newest. */
  rowsPerTick: 100,
  /** Rows of one tick that pass the filter of a pane, which come before others. */
  preferredPerTick: 300,
  /** Bytes of one tick; the remaining rows are dropped. */
  bytesPerTick: 64 * 1024,
  /** Bytes of all ticks; the oldest are evicted. Without a filter ten minutes of full ticks take two MiB. */
  bytes: 8 * 1024 * 1024,
  /** Events in an event pane. */
  events: 1000,
  /** Estimated bytes of these events; the oldest are evicted. */
  eventBytes: 4 * 1024 * 1024,
  /** Histograms, by label. */
  histograms: 32,
  /** Restarts of their sums; older moments then have sums that are too small. */
  restarts: 32,
  /** Changes of flags. */
  pastFlags: 100,
} as const;

/** Limits of a history in bytes, at most those of {@linkcode HISTORY_LIMITS}. */
export interface HistoryBytes {
  /** Of all encoded ticks. */
  readonly ticks: number;
  /** Of the events, estimated. */
  readonly events: number;
}

/** The limits where nothing else shares the memory. */
export const MOST_HISTORY: HistoryBytes = { ticks: HISTORY_LIMITS.bytes, events: HISTORY_LIMITS.eventBytes };

/** A copy of a list without its `drop` oldest entries and with one more. */
export function appended<T>(list: readonly T[], entry: T, drop: number): T[] {
  // Faster than concat(), which copies numbers one by one.
  const copy = list.slice(drop);
  copy.push(entry);
  return copy;
}

/**
 * How many of the oldest ticks to drop before adding one. When the new tick is older than the previous one, the clock was
 * set back: ticks could no longer be found by time, so all are dropped.
 *
 * @param length Ticks in the history.
 * @param timeAt Wall clock of each, milliseconds, oldest first.
 * @param newest Wall clock of the tick to add.
 */
export function ticksToDrop(length: number, timeAt: (index: number) => number, newest: number): number {
  if (length > 0 && newest < timeAt(length - 1)) return length;
  let drop = Math.max(0, length + 1 - HISTORY_LIMITS.mostTicks);
  while (length + 1 - drop > HISTORY_LIMITS.fewestTicks && newest - timeAt(drop) > HISTORY_LIMITS.ageMs) {
    drop++;
  }
  return drop;
}

/** Index of the last of these times that is not after `at`; −1 when all are. */
export function lastNotAfter(times: readonly { readonly time: number }[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as { time: number }).time <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
