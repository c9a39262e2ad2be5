/**
 * fsslower against `slow`, whose operations are known and timed, on this kernel.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withExt4 } from "../support/image.ts";
import { READS_AND_WRITES, tally, total, watchSlow } from "../support/slow.ts";

Deno.test("fsslower reports every operation on ext4 with its offset, within the time that the program measured", async () => {
  await withExt4(async (directory) => {
    const { rows, measured } = await watchSlow(directory, ["fsslower", "0"]);
    assert.deepEqual(tally(rows, "operation"), {
      ...READS_AND_WRITES,
      "small.dat O": 109,
      "small.dat S": 13 + 11,
    });
    const small = rows.filter(({ file }) => file === "small.dat");
    const offsets = (letter: string): number =>
      total(small.filter(({ operation }) => operation === letter), "offset_bytes");
    assert.equal(offsets("R"), 100 * 210 * 211 / 2 + 60 * 61 / 2 + 31 * 21100 + 100 * 30 * 31 / 2);
    assert.equal(offsets("W"), 100 * 306 * 307 / 2 + 66 * 67 / 2 + 37 * 30700 + 100 * 36 * 37 / 2 + 24200);
    const kinds = [["R", "read_ns"], ["W", "write_ns"], ["O", "open_ns"], ["S", "fsync_ns"]] as const;
    for (const [letter, word] of kinds) {
      const sum = total(rows.filter(({ operation }) => operation === letter), "lat_ms") * 1e6;
      assert.ok(sum > 0 && sum <= measured[word]!, `${letter} ${sum} of ${measured[word]}`);
    }
    assert.ok(rows.every(({ operation, bytes }) => "RW".includes(String(operation)) || bytes === null));
  });
});

Deno.test("ext4slower is fsslower of ext4, and xfsslower reports nothing of ext4", async () => {
  await withExt4(async (directory) => {
    assert.equal(
      (await watchSlow(directory, ["ext4slower", "0"])).rows.length,
      5 + 7 + 714 + 1 + 17 + 109 + 24,
    );
    assert.equal((await watchSlow(directory, ["xfsslower", "0"])).rows.length, 0);
  });
});

Deno.test("fsslower reports what took a millisecond and nothing shorter when the threshold is 1", async () => {
  await withExt4(async (directory) => {
    const { rows, measured } = await watchSlow(directory, ["fsslower", "1"]);
    assert.equal(rows.filter(({ file, operation }) => file === "big.dat" && operation !== "O").length, 12);
    assert.ok(rows.every(({ lat_ms }) => Number(lat_ms) >= 1));
    const moved = rows.filter(({ bytes }) => bytes !== null);
    assert.ok(moved.length <= measured.slow!, `${moved.length} of ${measured.slow}`);
  });
});
