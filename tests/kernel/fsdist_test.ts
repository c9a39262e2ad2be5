/**
 * fsdist against slow.c on ext4.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withExt4 } from "../support/devices.ts";
import { countInSlots, sumColumn } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as slow from "../workloads/slow.ts";

Deno.test("fsdist counts each operation on ext4 in its rows and histograms", async () => {
  await withExt4(async (directory) => {
    const { rows, ticks } = await watchWorkload(["slow", directory], ["fsdist", "-t", "ext4"]);
    for (const [operation, count] of Object.entries(slow.operationKinds(ticks[0]!.tier))) {
      assert.equal(sumColumn(rows, "count", (row) => row.operation === operation), count, operation);
      assert.equal(countInSlots(ticks, { label: operation }), count, operation);
    }
    // A read of 32 MiB takes longer than a millisecond.
    const long = rows.filter(({ operation, low_us }) => operation === "read" && Number(low_us) >= 1024);
    assert.ok(sumColumn(long, "count") >= slow.readsAndWrites["big.dat R"]!);
  });
});
