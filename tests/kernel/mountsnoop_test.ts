/**
 * mountsnoop against mounts.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows, total } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as mounts from "../workloads/mounts.ts";

Deno.test("mountsnoop reports each call with its arguments, flags and result", async () => {
  const { rows } = await watchWorkload(["mounts"], ["mountsnoop"]);
  assert.deepEqual(countRows(rows, mounts.callText), mounts.calls("0"));
});

Deno.test("mountsnoop -P reports only the children of that process", async () => {
  const { rows } = await watchWorkload(["mounts"], ["mountsnoop", "-P", String(Deno.pid)]);
  assert.equal(rows.length, total(mounts.calls("0")));
  // The workload has its own mount namespace.
  const here = /\d+/.exec(Deno.readLinkSync("/proc/self/ns/mnt"))![0];
  assert.ok(
    rows.every(({ ppid, mnt_ns }) => ppid === Deno.pid && Number(mnt_ns) > 0 && String(mnt_ns) !== here),
  );
  const other = await watchWorkload(["mounts"], ["mountsnoop", "-P", "1"]);
  assert.equal(other.rows.length, 0);
});
