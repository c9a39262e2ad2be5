/**
 * vfsstat against calls.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withCgroups } from "../support/cgroup.ts";
import { RunningKtop } from "../support/ktop.ts";
import { rowsOf, sumColumn } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import { Workload } from "../support/workload.ts";
import { kinds } from "../workloads/calls.ts";

Deno.test("vfsstat counts each of eight kinds of calls exactly", async () => {
  const { rows } = await watchWorkload(["calls"], ["vfsstat"]);
  const sums = Object.fromEntries(Object.keys(kinds).map((key) => [key, sumColumn(rows, key)]));
  assert.deepEqual(sums, kinds);
});

Deno.test("vfsstat --comm counts only calls of tasks with that comm", async () => {
  const other = await watchWorkload(["calls"], ["vfsstat", "--comm", "no-such-comm"]);
  assert.equal(sumColumn(other.rows, "open"), 0);
  const own = await watchWorkload(["calls"], ["vfsstat", "--comm", "calls"]);
  assert.equal(sumColumn(own.rows, "mkdir"), kinds.mkdir);
});

Deno.test("vfsstat --cgroup counts only tasks in the cgroup and below it", () =>
  withCgroups(["parent", "parent/child", "sibling"], async (root) => {
    const mkdirs = async (watched: string): Promise<number> => {
      const work = await Workload.start("calls");
      await Deno.writeTextFile(`${root}/parent/child/cgroup.procs`, String(work.pid));
      const ktop = new RunningKtop(["vfsstat", "--json", "-i", "0.2", "--cgroup", `${root}/${watched}`]);
      await ktop.tick();
      await work.run();
      return sumColumn(rowsOf((await ktop.finish()).ticks), "mkdir");
    };
    assert.equal(await mkdirs("parent"), kinds.mkdir);
    assert.equal(await mkdirs("parent/child"), kinds.mkdir);
    assert.equal(await mkdirs("sibling"), 0);
  }));
