/**
 * fileslower against slow.c, which measures its operations.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { countRows, sumColumn } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as slow from "../workloads/slow.ts";

Deno.test("fileslower reports each read and write at threshold 0, within the time that the workload measured", async () => {
  await using directory = await TemporaryDirectory.make();
  const { rows, measured } = await watchWorkload(["slow", directory.path], ["fileslower", "0"]);
  assert.deepEqual(countRows(rows, slow.fileAndLetter("direction")), slow.readsAndWrites);
  const small = rows.filter(({ file, bytes }) => file === "small.dat" && bytes !== null);
  assert.deepEqual([small.length, sumColumn(small, "bytes")], [slow.SMALL, slow.SMALL_BYTES]);
  for (const letter of ["R", "W"] as const) {
    const sum = sumColumn(rows, "lat_ms", ({ direction }) => direction === letter) * 1e6;
    const most = measured[slow.measuredWords[letter]]!;
    assert.ok(sum > 0 && sum <= most, `${letter} ${sum} of ${most}`);
  }
  assert.ok(rows.every(({ comm, time_s }) => comm === "slow" && Number(time_s) > 0));
});

Deno.test("fileslower reports nothing below a threshold of a millisecond", async () => {
  await using directory = await TemporaryDirectory.make();
  const { rows, measured } = await watchWorkload(["slow", directory.path], ["fileslower", "1"]);
  assert.equal(rows.filter(({ file }) => file === "big.dat").length, slow.BIG);
  assert.ok(rows.every(({ lat_ms }) => Number(lat_ms) >= 1));
  assert.ok(rows.length <= measured.slow!, `${rows.length} of ${measured.slow}`);
});
