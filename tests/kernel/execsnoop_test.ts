/**
 * execsnoop against execs.c, a program that executes itself.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as execs from "../workloads/execs.ts";

Deno.test("execsnoop reports each successful execve and execveat with its arguments", async () => {
  const { rows, pid } = await watchWorkload(["execs"], ["execsnoop"]);
  assert.deepEqual(countRows(rows, execs.resultAndArguments), execs.successfulCalls());
  for (const row of rows) assert.deepEqual([row.pid, row.ppid, row.uid], [pid, Deno.pid, 0]);
});

Deno.test("execsnoop -x also reports failed calls, and --max-args limits the arguments", async () => {
  const { rows } = await watchWorkload(["execs"], ["execsnoop", "-x", "--max-args", "60"]);
  assert.deepEqual(countRows(rows, execs.resultAndArguments), {
    ...execs.successfulCalls(60),
    ...execs.failedCalls,
  });
});

Deno.test("execsnoop -l and -n report only calls that match, and -q quotes the arguments", async () => {
  const { rows } = await watchWorkload(["execs"], ["execsnoop", "-q", "-l", "script .* one$"]);
  assert.deepEqual(countRows(rows, execs.resultAndArguments), execs.quotedScriptCalls);
  const none = await watchWorkload(["execs"], ["execsnoop", "-n", "^xecs"]);
  assert.deepEqual(countRows(none.rows, execs.resultAndArguments), {});
});
