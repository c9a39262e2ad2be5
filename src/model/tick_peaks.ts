/**
 * The peaks of the ticks of a model.
 *
 * @module
 */
import { type Column, isAddable } from "./columns.ts";
import type { Model, ToolModel } from "./model.ts";
import { PEAK_KINDS, type PeakKind, type Peaks } from "./peaks.ts";
import { missingFrom, type Tick } from "./tick.ts";
import { UNITS } from "./unit.ts";

const MICROSECONDS = 1e6;

function largest({ rows }: Tick, key: string): number {
  let most = 0;
  for (const row of rows) {
    const value = row[key];
    if (typeof value === "number" && value > most) most = value;
  }
  return most;
}

function total({ rows }: Tick, key: string): number {
  let sum = 0;
  for (const row of rows) {
    const value = row[key];
    if (typeof value === "number") sum += value;
  }
  return sum;
}

/** What a column of a tick adds to a peak. A directory's counts include those of the directories in it. */
function columnPeak(column: Column, tick: Tick): number {
  const { key, unit, peak } = column;
  if (peak !== "latency") return (isAddable(column) ? total : largest)(tick, key) / tick.intervalS;
  const perSecond = UNITS[unit].metric?.perBase ?? MICROSECONDS;
  return largest(tick, key) / perSecond * MICROSECONDS;
}

function toolPeaks({ tool, tick }: ToolModel): readonly (readonly [PeakKind, number])[] {
  if (tick === null) return [];
  const { events, keys } = missingFrom(tick);
  const columns = tool.columns.flatMap((column) =>
    column.peak === undefined ? [] : [[column.peak, columnPeak(column, tick)] as const]
  );
  return [...columns, ["lost", events + keys]];
}

/** The peaks of a model's ticks. Several tools that count reads or bytes see the same ones: the largest number counts; losses are summed. */
export function peaksOf({ tools, time }: Pick<Model, "tools" | "time">): Peaks {
  const values: Partial<Record<PeakKind, number>> = {};
  for (const [kind, value] of tools.flatMap(toolPeaks)) {
    const before = values[kind] ?? 0;
    values[kind] = kind === "lost" ? before + value : Math.max(before, value);
  }
  const measured = PEAK_KINDS.flatMap((kind) =>
    (values[kind] ?? 0) > 0 ? [[kind, { value: values[kind]!, atMs: time }] as const] : []
  );
  return Object.fromEntries(measured);
}
