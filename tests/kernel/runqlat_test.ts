/**
 * runqlat and runqslower on the same waits.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countInSlots, sumColumn } from "../support/ticks.ts";
import { watchTogether } from "../support/watch.ts";

Deno.test("runqlat, with and without -P, counts each wait that runqslower 0 reports", async () => {
  const tools = [["runqslower", "0"], ["runqlat"], ["runqlat", "-P"]];
  const [events, whole, perProcess] = await watchTogether(["spinners", "1"], tools);
  const waits = events!.rows.length;
  assert.ok(waits > 0);
  for (const { ticks, rows } of [whole!, perProcess!]) {
    assert.deepEqual([countInSlots(ticks), sumColumn(rows, "count")], [waits, waits]);
  }
  assert.ok(perProcess!.rows.every(({ comm }) => comm === "spinners"));
});
