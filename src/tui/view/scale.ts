/**
 * Scales of graphs: where they end and what stands beside them.
 *
 * @module
 */
import type { Unit } from "../../model/mod.ts";
import { humanBytes, humanCount } from "../../text/mod.ts";
import { niceCeiling } from "./sparkline.ts";

/** What values are shown in: bytes in powers of 1024, shares up to 100, all else in powers of ten. */
export type ScaleUnit = "bytes" | "pct" | "count";

/** How values of a column are scaled. */
export function scaleUnit(unit: Unit): ScaleUnit {
  return unit === "bytes" || unit === "kb" ? "bytes" : unit === "pct" ? "pct" : "count";
}

/** The end of a scale for values up to this: a number that people count in, and that changes seldom. */
export function scaleEnd(value: number, unit: ScaleUnit): number {
  if (unit === "pct") return 100;
  if (unit === "count") return niceCeiling(value);
  let step = 1024;
  while (value > 500 * step) step *= 1024;
  const ends = [1, 2, 5, 10, 20, 50, 100, 200, 500];
  return (ends.find((end) => value <= end * step) ?? 500) * step;
}

/** A value beside a scale, in at most five characters. */
export function scaleLabel(value: number, unit: ScaleUnit): string {
  if (unit === "bytes") return humanBytes(value);
  return unit === "pct" ? `${Math.round(value)}%` : humanCount(value);
}

/** Fewest rows from one label to the next. */
const LABEL_ROWS = 3;

/** Into how many equal parts labels divide a scale of so many rows: 4, 2 or 1, so that each stands on a row. */
export function scaleParts(rows: number): number {
  return [4, 2].find((parts) => rows % parts === 0 && rows / parts >= LABEL_ROWS) ?? 1;
}
