/**
 * biosnoop against block I/O of known numbers on a loop device.
 *
 * @module
 */
import assert from "node:assert/strict";
import { untilWhole, watchBlocks, withLoop } from "../support/blocks.ts";
import { type JsonTick, RunningKtop } from "../support/ktop.ts";

type Rows = JsonTick["rows"];

/** The requests that the workload waited for one by one: the first 1009 reads and 503 writes. */
function single(rows: Rows): Rows {
  const writes = rows.filter(({ type }) => type === "W").slice(0, 503);
  return [...rows.filter(({ type }) => type === "R"), ...writes];
}

const total = (rows: Rows, key: string): number => rows.reduce((sum, row) => sum + Number(row[key]), 0);

Deno.test("biosnoop reports each of 1009 reads and 503 writes, within the time that the program measured", () =>
  untilWhole(async () => {
    const { rows, pid, measured } = await watchBlocks("biosnoop");
    const one = single(rows);
    assert.equal(rows.filter(({ type }) => type === "R").length, 1009);
    assert.deepEqual([one.length, total(one, "bytes")], [1009 + 503, (1009 + 503) * 4096]);
    assert.ok(rows.every((row) => row.pid === pid && row.tid === pid && row.comm === "blocks"));
    assert.ok(
      rows.every(({ sector, disk }) => typeof sector === "number" && String(disk).startsWith("loop")),
    );
    const times = one.map(({ queue_ms, lat_ms }) => (Number(queue_ms) + Number(lat_ms)) * 1000);
    assert.ok(times.reduce((a, b) => a + b, 0) <= measured.total_us!);
    assert.ok(Math.max(...times) <= measured.longest_us!);
    assert.ok(one.every(({ lat_ms }) => Number(lat_ms) > 0));
  }));

Deno.test("biosnoop neither loses nor doubles bytes when requests are merged", () =>
  untilWhole(async () => {
    const { rows } = await watchBlocks("biosnoop");
    const together = rows.filter(({ type }) => type === "W").slice(503);
    assert.equal(total(together, "bytes"), 61 * 8 * 4096);
    assert.ok(together.length >= 61 && together.length < 61 * 8, `${together.length} requests`);
  }));

Deno.test("biosnoop reports a request once when it is done in parts and put back in between", () =>
  untilWhole(async () => {
    // The read crosses the end of the file: the driver completes 8192 bytes of it, puts it back, is given it again and fails it.
    await withLoop(async (device, file) => {
      await Deno.truncate(file, 512 * 1024 + 8192);
      const disk = device.slice("/dev/".length);
      const ktop = new RunningKtop(["biosnoop", "-d", disk, "--json", "-i", "0.2", "--comm", "dd"]);
      await ktop.tick();
      const args = [`if=${device}`, "of=/dev/null", "bs=64k", "skip=8", "count=1", "iflag=direct"];
      await new Deno.Command("dd", { args, stderr: "null" }).output();
      const rows = (await ktop.finish()).ticks.flatMap(({ rows }) => rows);
      assert.deepEqual(rows.map(({ disk, sector, bytes, type }) => ({ disk, sector, bytes, type })), [{
        disk,
        sector: 1024,
        bytes: 65536,
        type: "R",
      }]);
    });
  }));

Deno.test("biosnoop -d leaves out what the same program reads from another disk", () =>
  untilWhole(async () => {
    await withLoop((wanted) =>
      withLoop(async (other) => {
        const disk = wanted.slice("/dev/".length);
        const ktop = new RunningKtop(["biosnoop", "-d", disk, "--json", "-i", "0.2", "--comm", "dd"]);
        await ktop.tick();
        for (const [device, count] of [[other, 7], [wanted, 13], [other, 3]] as const) {
          const args = [`if=${device}`, "of=/dev/null", "bs=4k", `count=${count}`, "iflag=direct"];
          await new Deno.Command("dd", { args, stderr: "null" }).output();
        }
        const rows = (await ktop.finish()).ticks.flatMap(({ rows }) => rows);
        assert.deepEqual(rows.map((row) => row.disk), new Array(13).fill(disk));
      })
    );
  }));
