/**
 * fsslower against slow.c on ext4.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withExt4 } from "../support/devices.ts";
import { countRows, sumColumn, total } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as slow from "../workloads/slow.ts";

Deno.test("fsslower reports each operation on ext4 with its offset, within the time that the workload measured", async () => {
  await withExt4(async (directory) => {
    const { rows, ticks, measured } = await watchWorkload(["slow", directory], ["fsslower", "0"]);
    assert.deepEqual(countRows(rows, slow.fileAndLetter("operation")), slow.operations(ticks[0]!.tier));
    const small = rows.filter(({ file }) => file === "small.dat");
    for (const letter of ["R", "W"] as const) {
      const sum = sumColumn(small, "offset_bytes", ({ operation }) => operation === letter);
      assert.equal(sum, slow.offsets[letter], letter);
    }
    for (const [letter, word] of Object.entries(slow.measuredWords)) {
      const sum = sumColumn(rows, "lat_ms", ({ operation }) => operation === letter) * 1e6;
      assert.ok(sum > 0 && sum <= measured[word]!, `${letter} ${sum} of ${measured[word]}`);
    }
    assert.ok(rows.every(({ operation, bytes }) => "RW".includes(String(operation)) || bytes === null));
  });
});

Deno.test("fsslower --by adds events and bytes of each operation, and keeps sum and maximum of the latency", async () => {
  await withExt4(async (directory) => {
    const args = ["fsslower", "0", "--by", "operation"];
    const { rows, ticks, measured } = await watchWorkload(["slow", directory], args);
    const kinds = slow.operationKinds(ticks[0]!.tier);
    for (const [letter, kind] of [["R", "read"], ["W", "write"], ["O", "open"], ["S", "fsync"]] as const) {
      const own = rows.filter(({ operation }) => operation === letter);
      assert.equal(sumColumn(own, "events"), kinds[kind], kind);
      const sum = sumColumn(own, "sum_lat_ms") * 1e6;
      assert.ok(sum > 0 && sum <= measured[slow.measuredWords[letter]]!, kind);
      for (const { events, sum_lat_ms, max_lat_ms } of own) {
        assert.ok(Number(max_lat_ms) <= Number(sum_lat_ms));
        assert.ok(Number(sum_lat_ms) <= Number(max_lat_ms) * Number(events) + 1e-6);
      }
    }
  });
});

Deno.test("ext4slower reports the operations on ext4, and xfsslower none of them", async () => {
  await withExt4(async (directory) => {
    const ext4 = await watchWorkload(["slow", directory], ["ext4slower", "0"]);
    assert.equal(ext4.rows.length, total(slow.operations(ext4.ticks[0]!.tier)));
    assert.equal((await watchWorkload(["slow", directory], ["xfsslower", "0"])).rows.length, 0);
  });
});

Deno.test("fsslower reports nothing below a threshold of a millisecond", async () => {
  await withExt4(async (directory) => {
    const { rows, measured } = await watchWorkload(["slow", directory], ["fsslower", "1"]);
    const big = rows.filter(({ file, operation }) => file === "big.dat" && operation !== "O");
    assert.equal(big.length, slow.BIG);
    assert.ok(rows.every(({ lat_ms }) => Number(lat_ms) >= 1));
    const moved = rows.filter(({ bytes }) => bytes !== null);
    assert.ok(moved.length <= measured.slow!, `${moved.length} of ${measured.slow}`);
  });
});
