/**
 * The time axis below graphs and heat maps.
 *
 * @module
 */
import { clockTime, displayWidth, humanDuration } from "../../text/mod.ts";
import { type Line, Style } from "../canvas/mod.ts";
import type { TimeColumns } from "../layout/mod.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Round lengths of time, milliseconds: from one label to the next. */
const NICE = [
  ...[100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 30, 100, 365].map((days) => days * DAY),
];

/** The shortest nice length of time that is not below this, milliseconds. */
export function niceDuration(ms: number): number {
  return NICE.find((nice) => nice >= ms) ?? ms;
}

/** A length of time in its largest whole unit: `30s`, `90s`, `5m`, `2h`, `0.5s`; else in two: `11m30s`. */
export function durationLabel(ms: number): string {
  for (const [size, unit] of [[DAY, "d"], [HOUR, "h"], [MINUTE, "m"]] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return ms > 2 * MINUTE ? humanDuration(ms / SECOND) : `${ms / SECOND}s`;
}

/** Minimum cells from one label to the next. */
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
