/**
 * runqlat against runqslower: the same waits, counted and reported.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type JsonTick, RunningKtop, sum } from "../support/ktop.ts";
import { Workload } from "../support/workload.ts";

/** What each of the commands, all watching one run of the workload, printed after it was let go. */
async function watchTogether(commands: readonly (readonly string[])[]): Promise<JsonTick[][]> {
  const work = await Workload.start("spinners", ["1"]);
  const all = commands.map((args) =>
    new RunningKtop([...args, "--json", "-i", "0.2", "-p", String(work.pid)])
  );
  for (const ktop of all) await ktop.tick();
  await work.run();
  return await Promise.all(all.map(async (ktop) => {
    const { ticks, code, stderr } = await ktop.finish();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.equal(ticks.reduce((total, { lost }) => total + lost.events + lost.keys, 0), 0);
    return ticks;
  }));
}

const slots = (ticks: readonly JsonTick[]): number =>
  ticks.flatMap(({ histograms }) => histograms ?? []).flatMap(({ slots }) => slots).reduce(
    (a, b) => a + b,
    0,
  );

Deno.test("runqlat counts in its slots, with and without -P, each wait that runqslower 0 reports", async () => {
  const [events, whole, perProcess] = await watchTogether([["runqslower", "0"], ["runqlat"], [
    "runqlat",
    "-P",
  ]]);
  const waits = events!.flatMap(({ rows }) => rows).length;
  assert.ok(waits > 0);
  assert.deepEqual([slots(whole!), sum(whole!, "count")], [waits, waits]);
  assert.deepEqual([slots(perProcess!), sum(perProcess!, "count")], [waits, waits]);
  assert.ok(perProcess!.flatMap(({ rows }) => rows).every(({ comm }) => comm === "spinners"));
});
