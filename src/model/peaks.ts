/**
 * Peaks: the values by which an interval stands out in a long recording.
 *
 * @module
 */
import { type Column, isAddable } from "./columns.ts";
import type { Model, ToolModel } from "./model.ts";
import { missingFrom, type Tick } from "./tick.ts";
import { UNITS } from "./unit.ts";

/** File reads per second; the longest latency of an event, microseconds; events and keys lost in an interval. */
export type PeakKind = "reads" | "latency" | "lost";

/** Every kind. */
export const PEAK_KINDS: readonly PeakKind[] = ["reads", "latency", "lost"];

/** A value, and the time of the tick that has it, milliseconds since the epoch. */
export interface Peak {
  readonly value: number;
  readonly atMs: number;
}

/** The largest value of each kind. Absent: not measured, or zero. */
export type Peaks = Readonly<Partial<Record<PeakKind, Peak>>>;

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

/** What a column of a tick adds to a peak. A directory's reads include those of the directories in it. */
function columnPeak(column: Column, tick: Tick): number {
  const { key, unit, peak } = column;
  if (peak === "reads") return (isAddable(column) ? total : largest)(tick, key) / tick.intervalS;
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

/** The peaks of a model's ticks. Several tools that count reads see the same ones: the largest number counts; losses are summed. */
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

/** The larger peak of each kind. */
export function joinPeaks(one: Peaks, other: Peaks): Peaks {
  const joined: Partial<Record<PeakKind, Peak>> = { ...one };
  for (const kind of PEAK_KINDS) {
    const peak = other[kind];
    if (peak !== undefined && peak.value > (joined[kind]?.value ?? 0)) joined[kind] = peak;
  }
  return joined;
}

/** The time of a recording in parts of equal length. */
export interface PeakLine {
  /** Start of the first part, milliseconds since the epoch. */
  readonly fromMs: number;
  /** Length of a part. */
  readonly partMs: number;
  /** null: nothing was recorded then. */
  readonly parts: readonly (Peaks | null)[];
}

/** A value stands out if it is at least this many times the median, */
const TIMES_MEDIAN = 4;
/** and at least this share of the highest. */
const SHARE_OF_HIGHEST = 0.5;

/** The value of a kind from which on a part stands out. Every loss does. */
function thresholds(parts: readonly (Peaks | null)[]): Readonly<Record<PeakKind, number>> {
  const of = (kind: PeakKind): number => {
    const values = parts.flatMap((part) => part === null ? [] : [part[kind]?.value ?? 0]).sort((a, b) =>
      a - b
    );
    const median = values[values.length >> 1] ?? 0;
    return Math.max(TIMES_MEDIAN * median, SHARE_OF_HIGHEST * (values.at(-1) ?? 0), Number.MIN_VALUE);
  };
  return { reads: of("reads"), latency: of("latency"), lost: Number.MIN_VALUE };
}

/** Which peaks of each part stand out, in the order of the parts. */
export function standingOut({ parts }: PeakLine): readonly Peaks[] {
  const least = thresholds(parts);
  return parts.map((part) =>
    Object.fromEntries(
      PEAK_KINDS.flatMap((kind) => {
        const peak = part?.[kind];
        return peak !== undefined && peak.value >= least[kind] ? [[kind, peak] as const] : [];
      }),
    )
  );
}

/** The times of what stands out, rising: of neighbouring parts in which the same kind does, the highest. */
export function outstandingTimes(line: PeakLine): readonly number[] {
  const times = new Set<number>();
  const parts = standingOut(line);
  for (const kind of PEAK_KINDS) {
    let highest: Peak | undefined;
    for (const part of [...parts, {}] as readonly Peaks[]) {
      const peak = part[kind];
      if (peak === undefined && highest !== undefined) times.add(highest.atMs);
      highest = peak === undefined || peak.value > (highest?.value ?? 0) ? peak : highest;
    }
  }
  return [...times].sort((a, b) => a - b);
}
