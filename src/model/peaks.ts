/**
 * Peaks: the values by which an interval is notable in a long recording.
 *
 * @module
 */
/** File reads per second; bytes written to files per second; the longest latency of an event, microseconds; events and keys lost in an interval. */
export type PeakKind = "reads" | "written" | "latency" | "lost";

/** Every kind. */
export const PEAK_KINDS: readonly PeakKind[] = ["reads", "written", "latency", "lost"];

/** A value, and the time of the tick that has it, milliseconds since the epoch. */
export interface Peak {
  readonly value: number;
  readonly atMs: number;
}

/** The largest value of each kind. Absent: not measured, or zero. */
export type Peaks = Readonly<Partial<Record<PeakKind, Peak>>>;

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

/** A notable peak is at least this many times the median of its kind. */
const TIMES_MEDIAN = 4;
/** A notable peak is at least this share of the highest of its kind. */
const SHARE_OF_HIGHEST = 0.5;
/** The threshold that every value above 0 reaches. */
const ANY_VALUE = Number.MIN_VALUE;

/** The least notable value of each kind: every loss is notable if most parts have none. */
function thresholds(parts: readonly (Peaks | null)[]): Readonly<Record<PeakKind, number>> {
  const of = (kind: PeakKind): number => {
    const values = parts.flatMap((part) => part === null ? [] : [part[kind]?.value ?? 0]).sort((a, b) =>
      a - b
    );
    const median = values[values.length >> 1] ?? 0;
    if (kind === "lost" && median === 0) return ANY_VALUE;
    return Math.max(TIMES_MEDIAN * median, SHARE_OF_HIGHEST * (values.at(-1) ?? 0), ANY_VALUE);
  };
  return { reads: of("reads"), written: of("written"), latency: of("latency"), lost: of("lost") };
}

/** The notable peaks of each part, in the order of the parts. */
export function notablePeaks({ parts }: PeakLine): readonly Peaks[] {
  const min = thresholds(parts);
  return parts.map((part) =>
    Object.fromEntries(
      PEAK_KINDS.flatMap((kind) => {
        const peak = part?.[kind];
        return peak !== undefined && peak.value >= min[kind] ? [[kind, peak] as const] : [];
      }),
    )
  );
}

/** The times of notable peaks, rising: of neighbouring parts with the same kind, that of the highest. @param parts see {@linkcode notablePeaks} */
export function peakTimes(parts: readonly Peaks[]): readonly number[] {
  const times = new Set<number>();
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
