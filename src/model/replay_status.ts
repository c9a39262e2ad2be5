/**
 * The state of a replay.
 *
 * @module
 */

import type { PeakLine } from "./peaks.ts";

/** State of a replay. */
export interface ReplayStatus {
  /** Number of the shown tick, from 1; 0 before the first. */
  readonly position: number;
  /** Ticks of the recording; null while unknown. */
  readonly total: number | null;
  /** Start of the recording and time of its last tick, milliseconds since the epoch; null while unknown. */
  readonly range: { readonly from: number; readonly to: number | null };
  /** What of its time is recorded, and where something stands out; null while unknown. */
  readonly peaks: PeakLine | null;
  /** Recorded seconds per second. */
  readonly speed: number;
  /** `failed`: the rest cannot be read. */
  readonly state: "playing" | "paused" | "end" | "failed";
  /** It plays the embedded recording. */
  readonly demo: boolean;
}

/** Speeds, slowest first. */
export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];

/** The next speed up or down, or the same at either end. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  return SPEEDS[SPEEDS.indexOf(speed) + direction] ?? speed;
}
