/**
 * statsnoop against calls of known numbers (tests/workloads/stats.c), on this kernel.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows, type JsonTick } from "../support/ktop.ts";
import { watchWorkload } from "../support/watch.ts";

const byCall = ({ syscall, path, err }: JsonTick["rows"][number]): string =>
  `${syscall} ${String(path).replace(/^\/tmp\/ktop-lab-stats-\d+/, "DIR")} ${err}`;

const failed = { "stat absent 2": 29, "fstat null 9": 37, "newfstatat null 14": 41 };

Deno.test("statsnoop reports every call of the stat family with its path and result", async () => {
  const { ticks } = await watchWorkload(["stats"], ["statsnoop"]);
  assert.deepEqual(countRows(ticks, byCall), {
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
    ...failed,
  });
});

Deno.test("statsnoop -x reports only calls that failed", async () => {
  const { ticks } = await watchWorkload(["stats"], ["statsnoop", "-x"]);
  assert.deepEqual(countRows(ticks, byCall), failed);
});
