/**
 * Scales of graphs: their ends and their labels.
 *
 * @module
 */
import type { Axis } from "../../model/mod.ts";
import { humanBytes, humanCount } from "../../text/mod.ts";
import { niceCeiling } from "./sparkline.ts";

/** The end of a scale for values up to this: a round number that rarely changes. */
export function scaleEnd(value: number, axis: Axis): number {
  if (axis === "pct") return 100;
  if (axis === "count") return niceCeiling(value);
  let step = 1024;
  while (value > 500 * step) step *= 1024;
  const ends = [1, 2, 5, 10, 20, 50, 100, 200, 500];
  return (ends.find((end) => value <= end * step) ?? 500) * step;
}

/** A value beside a scale, in at most five characters. */
export function scaleLabel(value: number, axis: Axis): string {
  if (axis === "bytes") return humanBytes(value);
  return axis === "pct" ? `${Math.round(value)}%` : humanCount(value);
}

/** Minimum rows from one label to the next. */
const LABEL_ROWS = 3;

/** Number of equal parts between the labels of a scale with this many rows: 4, 2 or 1, so that each label is on a row. */
export function scaleParts(rows: number): number {
  return [4, 2].find((parts) => rows % parts === 0 && rows / parts >= LABEL_ROWS) ?? 1;
}
