/**
 * Time across: which column a moment falls into, and what stands below the columns.
 *
 * @module
 */
import { clockTime, displayWidth, humanDuration } from "../../text/mod.ts";
import { type Line, Style } from "../canvas/mod.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lengths of time that people count in, milliseconds: from one label to the next. */
const NICE = [
  ...[100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 30, 100, 365].map((days) => days * DAY),
];

/** Lengths of columns: 1, 1.2, 1.5, 2, … times a power of ten; near enough to each other that little width is left over. */
const COLUMN_STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The shortest nice length of time that is not below this, milliseconds. */
export function niceDuration(ms: number): number {
  return NICE.find((nice) => nice >= ms) ?? ms;
}

/** The shortest length of a column that is not below this, milliseconds. */
export function columnLength(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ms)));
  return Math.round(power * (COLUMN_STEPS.find((step) => step * power >= ms) ?? 10));
}

/** A length of time in its largest whole unit: `30s`, `90s`, `5m`, `2h`, `0.5s`; else in two: `11m30s`. */
export function durationLabel(ms: number): string {
  for (const [size, unit] of [[DAY, "d"], [HOUR, "h"], [MINUTE, "m"]] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return ms > 2 * MINUTE ? humanDuration(ms / SECOND) : `${ms / SECOND}s`;
}

/** The middle one of the steps between these times. */
function medianStep(times: readonly number[]): number {
  const steps = Float64Array.from({ length: times.length - 1 }, (_, i) => times[i + 1]! - times[i]!).sort();
  return steps[steps.length >> 1] ?? SECOND;
}

/** Columns of equal length of time, the newest at the right. */
export interface TimeColumns {
  readonly count: number;
  /** Length of one, milliseconds: a round number, so that it changes seldom. */
  readonly columnMs: number;
  /** The column that a time falls into; negative: it is too old. */
  readonly columnOf: (time: number) => number;
}

/** A part of an interval by which two ticks may be nearer or further apart than it says. */
const JITTER = 0.9;

/**
 * Divides the time of these ticks into at most `count` columns. Columns begin at multiples of their length, so that what fell
 * into one stays in it from tick to tick.
 *
 * @param times Milliseconds, oldest first; at least one.
 */
export function timeColumns(times: readonly number[], count: number): TimeColumns {
  const newest = times.at(-1) ?? 0;
  const span = newest - (times[0] ?? 0);
  const step = medianStep(times);
  const columnMs = columnLength(Math.max(step * JITTER, span / Math.max(1, count - 1)));
  // Where a column is one tick, ticks fall into its middle: a little early or late they are still in their own.
  const phase = columnMs < 2 * step ? newest % columnMs - columnMs / 2 : 0;
  const number = (time: number): number => Math.floor((time - phase) / columnMs);
  const last = number(newest);
  return { count, columnMs, columnOf: (time) => count - 1 - (last - number(time)) };
}

/** A tick, and the columns it stands for: its own, and those since the tick before it. */
export interface Covered {
  readonly from: number;
  readonly to: number;
}

/** A tick stands for no more than so many times the step beside it: beyond it, nothing was measured. */
const MAX_COVER = 2.5;

/** The columns of each tick: no holes where ticks are further apart than columns, but holes where nothing ran. */
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

/** Fewest cells from one label to the next. */
const LABEL_STEP = 9;

/**
 * Draws ages below the columns: `-5m`, `-4m`, …; at the right `now`, or of a past moment its clock time.
 *
 * @param newest Clock time of the last column, milliseconds; null: now.
 */
export function drawTimeAxis(line: Line, { count, columnMs }: TimeColumns, { x, newest }: {
  x: number;
  newest: number | null;
}): void {
  const last = newest === null ? "now" : clockTime(newest);
  const end = x + count;
  const stepMs = niceDuration(LABEL_STEP * columnMs);
  const labels = Math.floor((count - 1) * columnMs / stepMs);
  const lastStart = end - displayWidth(last);
  line.put(Math.max(x, lastStart), last, Style.dim);
  for (let i = 1; i <= labels; i++) {
    const label = `-${durationLabel(i * stepMs)}`;
    const labelEnd = end - Math.round(i * stepMs / columnMs);
    if (labelEnd < lastStart && labelEnd - displayWidth(label) >= x) {
      line.putLeftOf(labelEnd, label, Style.dim);
    }
  }
}
