/**
 * What readpath reports for writes.c.
 *
 * @module
 */
import type { Counts } from "../support/ticks.ts";

/** Writes with O_DIRECT, if the file system supports it. */
export const DIRECT = 43;

/** Writes to new blocks. */
export const GROWING = 41 + 3;

/** Writes of regular files that fail before the kernel accounts them in syscw, and writes to a pipe, which it does. */
const unaccounted = 29;
const piped = 17;

/** Calls by outcome; `direct` and `delayed` are what the workload printed. */
export function outcomes({ direct, delayed }: { direct: number; delayed: number }): Counts {
  return {
    "write: buffered": 101 + 19 + 11 + 7 + (GROWING - delayed),
    "write: delalloc": delayed,
    "write: direct": direct,
    "write: sync": 13 + 2 + 5,
    // Of 0 bytes, to a file that is open for reading, to /proc.
    "write: other": 23 + 29 + 31,
  };
}

/** Writes that the kernel may slow down when other programs have dirtied too many pages; they then count as throttled. */
export const throttleable = ["write: buffered", "write: delalloc"];

/** The counted outcomes that differ from the expected ones, each as a sentence. */
export function differences(expected: Counts, calls: (outcome: string) => number): string[] {
  let throttled = calls("write: throttled");
  return Object.entries(expected).flatMap(([outcome, count]) => {
    const counted = calls(outcome);
    const missing = throttleable.includes(outcome) ? Math.min(throttled, count - counted) : 0;
    throttled -= Math.max(0, missing);
    return counted + Math.max(0, missing) === count ? [] : [`${outcome}: ${counted}, not ${count}`];
  }).concat(throttled > 0 ? [`${throttled} more throttled writes than there are`] : []);
}

/** Calls of writev, pwritev and pwritev2. */
export const vectored = 19 + 11 + 7 + 3 + 2 + 5;

/** All writes to regular files, by the kernel's account of the workload. */
export const accounted = (syscw: number): number => syscw - piped + unaccounted;
