/**
 * What a screen shows of a replay, and what it can ask of one.
 *
 * @module
 */

/** Where a replay stands. */
export interface ReplayStatus {
  /** Ticks up to the one shown, which is the last of them; 0 before the first. */
  readonly position: number;
  /** Ticks of the recording; null while that is not known. */
  readonly total: number | null;
  /** Recorded seconds per second. */
  readonly speed: number;
  /** `failed`: what follows cannot be read. */
  readonly state: "playing" | "paused" | "end" | "failed";
  /** It is the recording that ktop carries with it. */
  readonly demo: boolean;
}

/** Speeds, slowest first. */
export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];

/** The next speed up or down; the last one stays. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  return SPEEDS[SPEEDS.indexOf(speed) + direction] ?? speed;
}
