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

/** A list without its `drop` oldest entries and with one more: one copy, made each tick. */
export function appended<T>(list: readonly T[], entry: T, drop: number): T[] {
  const length = Math.max(0, list.length - drop);
  const out = new Array<T>(length + 1);
  for (let i = 0; i < length; i++) out[i] = list[drop + i] as T;
  out[length] = entry;
  return out;
}

/**
 * How many of the oldest ticks go, now that one comes. A tick that is older than the one before it says that the clock
 * was set back: what was kept cannot be found by time any more, and all of it goes.
 *
 * @param kept How many are kept.
 * @param timeAt Wall clock of each, milliseconds, oldest first.
 * @param newest Wall clock of the one that comes.
 */
export function ticksToDrop(kept: number, timeAt: (index: number) => number, newest: number): number {
  if (kept > 0 && newest < timeAt(kept - 1)) return kept;
  let drop = Math.max(0, kept + 1 - KEPT.mostTicks);
  while (kept + 1 - drop > KEPT.fewestTicks && newest - timeAt(drop) > KEPT.ageMs) drop++;
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
