/**
 * runqslower against spinners.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countInSlots } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";

Deno.test("runqslower reports waits of at least the threshold, and its histogram counts all of them", async () => {
  const { rows, ticks, pid } = await watchWorkload(["spinners", "1"], ["runqslower", "1000"]);
  assert.ok(rows.length > 0);
  for (const row of rows) {
    assert.ok(Number(row.lat_us) >= 1000, `lat_us ${row.lat_us}`);
    assert.equal(row.pid, pid);
    assert.equal(row.comm, "spinners");
    assert.ok(
      typeof row.prev_comm === "string" && typeof row.prev_tid === "number" && typeof row.tid === "number",
    );
    assert.ok(Number.isInteger(row.cpu));
  }
  // 1000 us and more are in slot 9 (512 to 1023 us) and above.
  assert.ok(countInSlots(ticks, { from: 9 }) >= rows.length);
});
