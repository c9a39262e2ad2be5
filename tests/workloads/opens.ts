/**
 * What opensnoop reports for opens.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** A path that was cut. */
const LONG = `${"/".repeat(4095)}\\… 36`;

/** Expected failed calls by `<path> <errno>`; the path is null if it could not be read. */
export const failedCalls: Counts = {
  "absent 2": 19 + 23,
  "null 14": 29,
  "null 22": 3,
  "lost 9": 41,
  [LONG]: 5,
};

/** Expected calls by `<path> <errno>`, the path as passed to the call. */
export const calls: Counts = {
  "file 0": 11 + 13 + 7,
  "new 0": 5,
  "made 0": 3,
  "inner 0": 17,
  "../up 0": 2,
  "thread 0": 31,
  "DIR/mnt/deep/er/inner 0": 37,
  ...failedCalls,
};

/** Failed calls by full path and errno; DIR is the workload's directory. */
export const failedCallsByFullPath: Counts = {
  "DIR/absent 2": 19,
  "DIR/mnt/deep/er/absent 2": 23,
  "null 14": 29,
  "null 22": 3,
  "\\…/lost 9": 41,
  [LONG]: 5,
};

/** Calls by full path and errno. */
export const callsByFullPath: Counts = {
  "DIR/file 0": 11 + 13 + 7,
  "DIR/new 0": 5,
  "DIR/made 0": 3,
  "DIR/mnt/deep/er/inner 0": 17 + 37,
  "DIR/mnt/deep/er/../up 0": 2,
  "DIR/thread 0": 31,
  ...failedCallsByFullPath,
};

/** Calls with O_RDWR or O_CREAT by path, flags and mode. */
export const callsWithFlags: Counts = {
  "file 00000002 null": 7,
  "DIR/mnt/deep/er/inner 00000002 null": 37,
  "new 00001101 0640": 5,
  "made 00000302 0600": 3,
};

/** A path below the workload's directory. */
const relative = (path: unknown): string => String(path).replace(/^\/tmp\/ktop-lab-opens-\d+/, "DIR");

/** A row's key in the counts by path and errno. */
export const pathErrno = ({ path, err }: Row): string => `${relative(path)} ${err}`;

/** A row's key in the counts by path, flags and mode. */
export const pathFlagsMode = ({ path, flags, mode }: Row): string => `${relative(path)} ${flags} ${mode}`;
