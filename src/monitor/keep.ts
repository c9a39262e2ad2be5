/**
 * How much of the past is kept: the numbers, and the rule that says which ticks go.
 *
 * @module
 */

/** What may be kept of each tool. */
export const KEPT = {
  /** Ticks older than this may go. Milliseconds. */
  ageMs: 600_000,
  /** But so many are kept whatever their age: at intervals above a second the past reaches further back. */
  fewestTicks: 600,
  /** More are never kept: at intervals below half a second the past is shorter (two minutes at 0.1 s). */
  mostTicks: 1200,
  /** Rows of one tick: of a table the first in the tool's order, of events the newest. */
  rowsPerTick: 100,
  /** Bytes that one tick may add; rows beyond it are let go. */
  bytesPerTick: 64 * 1024,
  /** Bytes of all ticks of one tool; what is too much goes, oldest first. */
  bytes: 2 * 1024 * 1024,
  /** Events in an event pane. */
  events: 1000,
  /** Histograms of one tool, told apart by label. */
  histograms: 32,
} as const;

/**
 * How many of the oldest ticks go, now that one was added at the end. A tick that is older than the one before it says that
 * the clock was set back: what was kept cannot be found by time any more, and all of it goes.
 *
 * @param times Wall clock of each tick, milliseconds, oldest first.
 */
export function ticksToDrop(times: readonly number[]): number {
  const last = times.length - 1;
  const newest = times[last] ?? 0;
  if (last > 0 && newest < (times[last - 1] as number)) return last;
  let drop = Math.max(0, times.length - KEPT.mostTicks);
  while (times.length - drop > KEPT.fewestTicks && newest - (times[drop] as number) > KEPT.ageMs) drop++;
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
