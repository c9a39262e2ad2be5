/**
 * offcputime against sleeps.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktop, RunningKtop } from "../support/ktop.ts";
import { retryHidden } from "../support/process1.ts";
import { sumColumn } from "../support/ticks.ts";
import { watchTogether, watchWorkload } from "../support/watch.ts";
import { Workload } from "../support/workload.ts";
import * as sleeps from "../workloads/sleeps.ts";

Deno.test("offcputime counts each sleep, and its time to one percent, at the function that sleeps", () =>
  retryHidden(async () => {
    const args = ["offcputime", "--state", sleeps.ASLEEP];
    const { rows, measured, pid } = await watchWorkload(["sleeps"], args);
    assert.deepEqual(sleeps.wrongWaits(rows, sleeps.measuredOf((word) => measured[word]!)), []);
    assert.ok(sleeps.areNamed(rows));
    assert.ok(rows.every((row) => row.pid === pid && row.comm === "sleeps" && row.stack !== "[missed]"));
    // The frames of the BPF program that took the stack are left out.
    assert.ok(rows.every(({ stack }) => /;(__)?schedule$/.test(String(stack))), String(rows[0]?.stack));
  }));

Deno.test("offcputime -m, -M, --state, -t, -u and -k count only the waits that they name", () =>
  retryHidden(async () => {
    const tools = [[], ["-m", "20000"], ["-M", "19999"], ["--state", "0"], ["--state", "3"], ["-u"], ["-k"]];
    const watched = await watchTogether(["sleeps"], tools.map((options) => ["offcputime", ...options]));
    const counts = watched.map(({ rows }) => sumColumn(rows, "waits"));
    const [all, long, short, preempted, asleep, user, kernel] = counts as [number, ...number[]];
    assert.equal(long! + short!, all);
    assert.ok(long! >= sleeps.LONG.waits && sumColumn(watched[1]!.rows, "time_us") >= 0.99 * sleeps.LONG.us);
    assert.ok(short! > 0);
    assert.equal(preempted! + asleep!, all);
    assert.equal(asleep, watched[0]!.measured.switches);
    assert.equal(user, all);
    assert.equal(kernel, 0);
    const thread = await ktop(["offcputime", "-t", String(Deno.pid), "--json", "0.3", "2"]);
    const tids = thread.stdout.trimEnd().split("\n").flatMap((line) => JSON.parse(line).rows).map(({ tid }) =>
      tid
    );
    assert.equal(thread.code, 0, thread.stderr);
    assert.ok(tids.every((tid) => tid === Deno.pid));
  }));

Deno.test("offcputime -f prints lines of the folded format, with microseconds", async () => {
  const work = await Workload.start("sleeps");
  const running = new RunningKtop(["offcputime", "-f", "-K", "-i", "0.2", "--comm", "sleeps"]);
  let first: string | null = null;
  const line = running.line().then((text) => first = text);
  await work.run();
  while (first === null) await (await Workload.start("sleeps")).run();
  await line;
  const { rest, code } = await running.end();
  assert.equal(code, 0);
  for (const text of [first, ...rest]) assert.match(text, /^sleeps(;[^; ]+)+ \d+$/);
});

Deno.test("offcputime refuses options that exclude each other", async () => {
  for (const args of [["-u", "-k"], ["-U", "-K"], ["-m", "5", "-M", "4"], ["--state", "65536"]]) {
    assert.equal((await ktop(["offcputime", ...args, "1", "1"])).code, 2, args.join(" "));
  }
});
