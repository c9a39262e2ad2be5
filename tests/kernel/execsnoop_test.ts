/**
 * execsnoop against a program that executes itself (tests/workloads/execs.c), on this kernel.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows, type JsonTick } from "../support/ktop.ts";
import { watchWorkload } from "../support/watch.ts";

const byArguments = ({ ret, args }: JsonTick["rows"][number]): string =>
  `${ret} ${args}`.replace(/ \/\S+\/execs /, " EXECS ").replace(/ \d+(?= |$)/, " N");

const succeeded = {
  "0 EXECS step N": 13,
  "0 /dev/fd/9 step N": 7,
  "0 /dev/fd/8/link step N": 3,
  "0 ./script N one": 2,
};

Deno.test("execsnoop reports every execve and execveat with its arguments", async () => {
  const { ticks, pid } = await watchWorkload(["execs"], ["execsnoop"]);
  assert.deepEqual(countRows(ticks, byArguments), {
    ...succeeded,
    [`0 EXECS step N${" more".repeat(17)} ...`]: 1,
  });
  for (const row of ticks.flatMap(({ rows }) => rows)) {
    assert.deepEqual([row.pid, row.ppid, row.uid], [pid, Deno.pid, 0]);
  }
});

Deno.test("execsnoop -x reports failed calls too, and --max-args decides how many arguments", async () => {
  const { ticks } = await watchWorkload(["execs"], ["execsnoop", "-x", "--max-args", "60"]);
  assert.deepEqual(countRows(ticks, byArguments), {
    ...succeeded,
    [`0 EXECS step N${" more".repeat(57)} ...`]: 1,
    "-2 absent x y": 11 + 5,
  });
});

Deno.test("execsnoop -l and -n leave out what they do not match", async () => {
  const { ticks } = await watchWorkload(["execs"], ["execsnoop", "-q", "-l", "script .* one$"]);
  assert.deepEqual(countRows(ticks, byArguments), {
    '0 "./script" "24" "one"': 1,
    '0 "./script" "25" "one"': 1,
  });
  const none = await watchWorkload(["execs"], ["execsnoop", "-n", "^xecs"]);
  assert.deepEqual(countRows(none.ticks, byArguments), {});
});
