/**
 * execsnoop against execs.c, a program that executes itself.
 *
 * @module
 */
import assert from "node:assert/strict";
import { RunningKtop } from "../support/ktop.ts";
import { countRows } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as execs from "../workloads/execs.ts";

Deno.test("execsnoop reports each successful execve and execveat with its arguments", async () => {
  const { rows, pid } = await watchWorkload(["execs"], ["execsnoop"]);
  assert.deepEqual(countRows(rows, execs.resultAndArguments), execs.successfulCalls());
  const caller = [pid, Deno.pid, "deno", 0];
  for (const row of rows) assert.deepEqual([row.pid, row.ppid, row.parent_comm, row.uid], caller);
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

Deno.test("execsnoop -l and -n search long arguments for ambiguous patterns and still end at SIGTERM", async () => {
  for (const flag of ["-l", "-n"]) {
    const run = new RunningKtop(["execsnoop", "--json", "-i", "0.2", flag, "(a+)+$"]);
    await run.tick();
    // Backtracking would try 2^100000 ways.
    const { success } = await new Deno.Command("/bin/true", { args: [`${"a".repeat(100_000)}!`] }).output();
    assert.ok(success);
    for (let i = 0; i < 3; i++) await run.tick();
    const { code, stderr } = await run.finish("SIGTERM");
    assert.deepEqual({ flag, code, stderr }, { flag, code: 0, stderr: "" });
  }
});
