/**
 * filegone against gone.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as gone from "../workloads/gone.ts";

Deno.test("filegone reports each removal and each rename once, and no failed call", async () => {
  const { rows, pid } = await watchWorkload(["gone"], ["filegone"]);
  assert.deepEqual(countRows(rows, ({ action }) => String(action)), gone.actions);
  assert.ok(rows.every((row) => row.pid === pid && row.comm === "gone"));
});

Deno.test("filegone reports both names of a rename, and one name of a removal", async () => {
  const { rows } = await watchWorkload(["gone"], ["filegone"]);
  assert.deepEqual(gone.examplesIn(rows), gone.examples);
});
