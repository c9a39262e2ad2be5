/**
 * biosnoop against blocks.c and dd(1) on loop devices.
 *
 * @module
 */
import assert from "node:assert/strict";
import { diskName, withLoopDevice } from "../support/devices.ts";
import { RunningKtop } from "../support/ktop.ts";
import { retryHidden } from "../support/process1.ts";
import { type Row, rowsOf, sumColumn } from "../support/ticks.ts";
import { watchBlocks } from "../support/watch_blocks.ts";
import { BATCHES, BLOCK, READS, TOGETHER, WRITES } from "../workloads/blocks.ts";

const ofType = (rows: readonly Row[], letter: string): readonly Row[] =>
  rows.filter(({ type }) => type === letter);

/** Starts biosnoop for dd(1) on one disk, and waits for its first tick. */
async function startForDd(disk: string): Promise<RunningKtop> {
  const ktop = new RunningKtop(["biosnoop", "-d", disk, "--json", "-i", "0.2", "--comm", "dd"]);
  await ktop.tick();
  return ktop;
}

/** Reads from a device with dd(1), past the page cache. */
async function readDirectly(device: string, ...args: readonly string[]): Promise<void> {
  const all = [`if=${device}`, "of=/dev/null", "iflag=direct", ...args];
  await new Deno.Command("dd", { args: all, stderr: "null" }).output();
}

Deno.test("biosnoop reports each request with its bytes, within the time that the workload measured", () =>
  retryHidden(async () => {
    const { rows, pid, measured } = await watchBlocks("biosnoop");
    const reads = ofType(rows, "R");
    assert.equal(reads.length, READS);
    const single = [...reads, ...ofType(rows, "W").slice(0, WRITES)];
    assert.deepEqual([single.length, sumColumn(single, "bytes")], [READS + WRITES, (READS + WRITES) * BLOCK]);
    assert.ok(rows.every((row) => row.pid === pid && row.tid === pid && row.comm === "blocks"));
    assert.ok(
      rows.every(({ sector, disk }) => typeof sector === "number" && String(disk).startsWith("loop")),
    );
    const times = single.map(({ queue_ms, lat_ms }) => (Number(queue_ms) + Number(lat_ms)) * 1000);
    assert.ok(times.reduce((a, b) => a + b, 0) <= measured.total_us!);
    assert.ok(Math.max(...times) <= measured.longest_us!);
    assert.ok(single.every(({ lat_ms }) => Number(lat_ms) > 0));
  }));

Deno.test("biosnoop reports each byte once when requests are merged", () =>
  retryHidden(async () => {
    const { rows } = await watchBlocks("biosnoop");
    const batched = ofType(rows, "W").slice(WRITES);
    assert.equal(sumColumn(batched, "bytes"), BATCHES * TOGETHER * BLOCK);
    assert.ok(batched.length >= BATCHES && batched.length < BATCHES * TOGETHER, `${batched.length} requests`);
  }));

Deno.test("biosnoop reports a request once when it is completed in parts and requeued in between", () =>
  retryHidden(async () => {
    // The read crosses the end of the file: the driver completes 8192 bytes, requeues the request, gets it again and fails it.
    await withLoopDevice(async (device, file) => {
      await Deno.truncate(file, 512 * 1024 + 8192);
      const disk = diskName(device);
      const ktop = await startForDd(disk);
      await readDirectly(device, "bs=64k", "skip=8", "count=1");
      const rows = rowsOf((await ktop.finish()).ticks);
      assert.deepEqual(rows.map(({ disk, sector, bytes, type }) => ({ disk, sector, bytes, type })), [{
        disk,
        sector: 1024,
        bytes: 65536,
        type: "R",
      }]);
    });
  }));

Deno.test("biosnoop -d reports no request of another disk", () =>
  retryHidden(async () => {
    await withLoopDevice((wanted) =>
      withLoopDevice(async (other) => {
        const disk = diskName(wanted);
        const ktop = await startForDd(disk);
        for (const [device, count] of [[other, 7], [wanted, 13], [other, 3]] as const) {
          await readDirectly(device, "bs=4k", `count=${count}`);
        }
        const rows = rowsOf((await ktop.finish()).ticks);
        assert.deepEqual(rows.map((row) => row.disk), new Array(13).fill(disk));
      })
    );
  }));
