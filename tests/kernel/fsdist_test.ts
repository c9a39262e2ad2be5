/**
 * fsdist against `slow`, whose operations are known and timed, on this kernel.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withExt4 } from "../support/image.ts";
import { total, watchSlow } from "../support/slow.ts";

Deno.test("fsdist counts every operation on ext4 in its histograms and in its rows", async () => {
  await withExt4(async (directory) => {
    const { rows, ticks } = await watchSlow(directory, ["fsdist", "-t", "ext4"]);
    const wanted = { read: 308, write: 7 + 412 + 17, open: 109, fsync: 24 };
    for (const [operation, count] of Object.entries(wanted)) {
      assert.equal(total(rows.filter((row) => row.operation === operation), "count"), count, operation);
      const slots = ticks.flatMap(({ histograms }) => histograms ?? []).filter(({ label }) =>
        label === operation
      ).flatMap(({ slots }) => slots);
      assert.equal(slots.reduce((sum, slot) => sum + slot, 0), count, operation);
    }
    // 32 MiB are not read in less than a millisecond.
    const long = rows.filter(({ operation, low_us }) => operation === "read" && Number(low_us) >= 1024);
    assert.ok(total(long, "count") >= 5);
  });
});
