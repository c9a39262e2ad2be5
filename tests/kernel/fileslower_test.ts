/**
 * fileslower against `slow`, whose operations are known and timed, on this kernel.
 *
 * @module
 */
import assert from "node:assert/strict";
import { READS_AND_WRITES, tally, total, watchSlow } from "../support/slow.ts";

Deno.test("fileslower reports every read and write at threshold 0, within the time that the program measured", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const { rows, measured } = await watchSlow(directory, ["fileslower", "0"]);
    assert.deepEqual(tally(rows, "direction"), READS_AND_WRITES);
    const small = rows.filter(({ file, bytes }) => file === "small.dat" && bytes !== null);
    assert.deepEqual([small.length, total(small, "bytes")], [714, 714 * 100]);
    for (const [letter, word] of [["R", "read_ns"], ["W", "write_ns"]] as const) {
      const sum = total(rows.filter(({ direction }) => direction === letter), "lat_ms") * 1e6;
      assert.ok(sum > 0 && sum <= measured[word]!, `${letter} ${sum} of ${measured[word]}`);
    }
    assert.ok(rows.every(({ comm, time_s }) => comm === "slow" && Number(time_s) > 0));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("fileslower reports what took a millisecond and nothing shorter when the threshold is 1", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const { rows, measured } = await watchSlow(directory, ["fileslower", "1"]);
    assert.equal(rows.filter(({ file }) => file === "big.dat").length, 12);
    assert.ok(rows.every(({ lat_ms }) => Number(lat_ms) >= 1));
    assert.ok(rows.length <= measured.slow!, `${rows.length} of ${measured.slow}`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
