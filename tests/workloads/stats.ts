/**
 * What statsnoop reports for stats.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** Expected failed calls by `<syscall> <path> <errno>`; the path is null if it could not be read. */
export const failedCalls: Counts = {
  "stat absent 2": 29,
  "fstat null 9": 37,
  "newfstatat null 14": 41,
  "newfstatat DIR/sub/none 2": 43,
  "statx DIR/sub/none 2": 3,
  "newfstatat \\…/lost 9": 47,
  "newfstatat absent 2": 53,
  [`stat ${"/".repeat(4095)}\\… 36`]: 59,
};

/** Expected calls by `<syscall> <path> <errno>`; DIR is the workload's directory. */
export const calls: Counts = {
  "stat file 0": 11,
  "lstat file 0": 7,
  "statx file 0": 19,
  "statfs file 0": 3,
  "newfstatat DIR/sub/inner 0": 17 + 5,
  "fstat DIR/sub/inner 0": 13,
  "statx DIR/sub/inner 0": 2,
  "fstatfs DIR/sub/inner 0": 23,
  "fstat null 0": 31,
  ...failedCalls,
};

/** These counts on arm64, which has neither stat nor lstat: newfstatat replaces them. */
export function onArm64(counts: Counts): Counts {
  const replaced: Record<string, number> = {};
  for (const [key, count] of Object.entries(counts)) {
    const name = key.replace(/^l?stat /, "newfstatat ");
    replaced[name] = (replaced[name] ?? 0) + count;
  }
  return replaced;
}

/** A row's key in these counts. */
export const syscallPathErrno = ({ syscall, path, err }: Row): string =>
  `${syscall} ${String(path).replace(/^\/tmp\/ktop-lab-stats-\d+/, "DIR")} ${err}`;
