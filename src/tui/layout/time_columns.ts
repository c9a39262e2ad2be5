/**
 * Time across: which column of a graph or a heat map a moment falls into.
 *
 * @module
 */

/** Step if there is only one time, milliseconds. */
const DEFAULT_STEP_MS = 1000;

/** Cells of the labels at the left of a graph or a heat map, and of the line beside them. */
export const AXIS_WIDTH = 6;

/** Durations of columns: 1, 1.2, 1.5, 2, … times a power of ten, in steps so small that little width stays unused. */
const COLUMN_STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The shortest length of a column that is not below this, milliseconds. */
export function columnLength(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ms)));
  return Math.round(power * (COLUMN_STEPS.find((step) => step * power >= ms) ?? 10));
}

/** The median of the steps between these times. */
function medianStep(times: readonly number[]): number {
  const steps = Float64Array.from({ length: times.length - 1 }, (_, i) => times[i + 1]! - times[i]!).sort();
  return steps[steps.length >> 1] ?? DEFAULT_STEP_MS;
}

/** Columns of equal length of time, the newest at the right. */
export interface TimeColumns {
  readonly count: number;
  /** Duration of one, milliseconds: a round number, so that it rarely changes. */
  readonly columnMs: number;
  /** The column of a time; negative: too old. */
  readonly columnOf: (time: number) => number;
}

/** Ticks may be closer together than the interval by this factor. */
const JITTER = 0.9;

/**
 * Divides the time of these ticks into at most `count` columns. Columns start at multiples of their length, so that a tick
 * stays in its column.
 *
 * @param times Milliseconds, oldest first; at least one.
 */
export function timeColumns(times: readonly number[], count: number): TimeColumns {
  const newest = times.at(-1) ?? 0;
  const span = newest - (times[0] ?? 0);
  const step = medianStep(times);
  const columnMs = columnLength(Math.max(step * JITTER, span / Math.max(1, count - 1)));
  // If a column is one tick long, ticks fall into its middle, so that jitter does not move them to another column.
  const phase = columnMs < 2 * step ? newest % columnMs - columnMs / 2 : 0;
  const number = (time: number): number => Math.floor((time - phase) / columnMs);
  const last = number(newest);
  return { count, columnMs, columnOf: (time) => count - 1 - (last - number(time)) };
}

/** The columns that a tick covers: its own, and those since the previous tick. */
export interface Covered {
  readonly from: number;
  readonly to: number;
}

/** A tick covers at most this many times the neighbouring step; in a longer gap, nothing was measured. */
const MAX_COVER = 2.5;

/** The columns of each tick: no gaps if ticks are further apart than columns, but gaps while nothing ran. */
export function coveredColumns(times: readonly number[], { columnOf }: TimeColumns): Covered[] {
  return times.map((time, i) => {
    const to = columnOf(time);
    const before = times[i - 1];
    if (before === undefined) return { from: to, to };
    const beside = Math.max(
      (times[i + 1] ?? -Infinity) - time,
      before - (times[i - 2] ?? Infinity),
    );
    const known = beside > 0 ? Math.min(time - before, MAX_COVER * beside) : time - before;
    return { from: Math.min(to, Math.max(columnOf(time - known) + 1, 0)), to };
  });
}
