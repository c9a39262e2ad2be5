/**
 * What statsnoop reports for stats.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** Failed calls by system call, path and errno. */
export const failedCalls: Counts = {
  "stat absent 2": 29,
  "fstat null 9": 37,
  "newfstatat null 14": 41,
};

/** Calls by system call, path and errno; DIR is the workload's directory. */
export const calls: Counts = {
  "stat file 0": 11,
  "lstat file 0": 7,
  "statx file 0": 19,
  "statfs file 0": 3,
  "newfstatat inner 0": 17,
  "fstat DIR/sub/inner 0": 13,
  "newfstatat DIR/sub/inner 0": 5,
  "statx DIR/sub/inner 0": 2,
  "fstatfs DIR/sub/inner 0": 23,
  "fstat null 0": 31,
  ...failedCalls,
};

/** System call, path and errno of a row. */
export const callPathAndError = ({ syscall, path, err }: Row): string =>
  `${syscall} ${String(path).replace(/^\/tmp\/ktop-lab-stats-\d+/, "DIR")} ${err}`;
