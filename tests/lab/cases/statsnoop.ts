/**
 * statsnoop: each call of the stat family, by path and result (`tests/workloads/stats.c`).
 *
 * @module
 */
import type { Case } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { counting } from "./counting.ts";
import { rowCounts } from "./rows.ts";

const calls = {
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
  "stat absent 2": 29,
  "fstat null 9": 37,
  "newfstatat null 14": 41,
};

const byCall = (row: Readonly<Record<string, unknown>>): string =>
  `${row.syscall} ${String(row.path).replace(/^\/tmp\/ktop-lab-stats-\d+/, "DIR")} ${row.err}`;

export const statsnoopCases: readonly Case[] = [
  counting({
    name: "every call of the stat family is reported with its path and result",
    tool: "statsnoop",
    workload: ["stats"],
    check: all(rowCounts(calls, byCall), nothingLost),
  }),
  counting({
    name: "-x reports the calls that failed",
    tool: "statsnoop",
    options: ["-x"],
    workload: ["stats"],
    check: all(
      rowCounts({ "stat absent 2": 29, "fstat null 9": 37, "newfstatat null 14": 41 }, byCall),
      nothingLost,
    ),
  }),
];
