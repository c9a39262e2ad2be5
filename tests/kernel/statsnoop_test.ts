/**
 * statsnoop against stats.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as stats from "../workloads/stats.ts";

Deno.test("statsnoop reports each call of the stat family with its path and result", async () => {
  const { rows } = await watchWorkload(["stats"], ["statsnoop"]);
  assert.deepEqual(countRows(rows, stats.syscallPathErrno), stats.calls);
});

Deno.test("statsnoop -x reports only failed calls", async () => {
  const { rows } = await watchWorkload(["stats"], ["statsnoop", "-x"]);
  assert.deepEqual(countRows(rows, stats.syscallPathErrno), stats.failedCalls);
});
