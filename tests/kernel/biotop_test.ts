/**
 * biotop against blocks.c and /proc/diskstats on loop devices.
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

const ofType = (letter: string) => ({ type }: Row): boolean => type === letter;

Deno.test("biotop counts the requests and bytes of a process exactly, within the time that it measured", () =>
  retryHidden(async () => {
    const { rows, pid, measured } = await watchBlocks("biotop");
    const sum = (key: string, letter: string): number => sumColumn(rows, key, ofType(letter));
    assert.deepEqual([sum("ios", "R"), sum("bytes", "R")], [READS, READS * BLOCK]);
    assert.equal(sum("bytes", "W"), (WRITES + BATCHES * TOGETHER) * BLOCK);
    const writes = sum("ios", "W");
    assert.ok(writes >= WRITES + BATCHES && writes < WRITES + BATCHES * TOGETHER, `${writes} writes`);
    for (const row of rows) {
      assert.deepEqual([row.pid, row.comm, row.major], [pid, "blocks", 7]);
      assert.equal(row.disk, `loop${row.minor}`);
    }
    const readUs = rows.filter(ofType("R")).reduce(
      (us, row) => us + Number(row.avg_ms) * Number(row.ios) * 1000,
      0,
    );
    assert.ok(readUs > 0 && readUs <= measured.total_us!, `${readUs}`);
  }));

/** Completed reads and writes of a disk and their bytes: Documentation/admin-guide/iostats.rst */
async function diskstats(disk: string): Promise<Record<"R" | "W", [ios: number, bytes: number]>> {
  const lines = (await Deno.readTextFile("/proc/diskstats")).split("\n").map((line) =>
    line.trim().split(/\s+/)
  );
  const fields = lines.find((line) => line[2] === disk)!.slice(3).map(Number);
  return { R: [fields[0]!, fields[2]! * 512], W: [fields[4]!, fields[6]! * 512] };
}

Deno.test("biotop -d counts what /proc/diskstats counts for the disk, by all processes", () =>
  retryHidden(() =>
    withLoopDevice(async (device) => {
      const disk = diskName(device);
      const ktop = new RunningKtop(["biotop", "-d", disk, "--json", "-i", "0.2"]);
      await ktop.tick();
      const before = await diskstats(disk);
      const dd = async (...args: readonly string[]): Promise<void> => {
        await new Deno.Command("dd", { args: [...args], stderr: "null" }).output();
      };
      await dd(`if=${device}`, "of=/dev/null", "bs=4k", "count=89", "iflag=direct");
      await dd("if=/dev/zero", `of=${device}`, "bs=8k", "count=53", "oflag=direct");
      // Through the page cache: readahead, and writeback at the last close. Not by fsync: diskstats also counts an empty flush as a write.
      await dd("if=/dev/zero", `of=${device}`, "bs=4k", "seek=120", "count=97");
      await dd(`if=${device}`, "of=/dev/null", "bs=4k", "skip=20", "count=61");
      const after = await diskstats(disk);
      const rows = rowsOf((await ktop.finish()).ticks);
      for (const letter of ["R", "W"] as const) {
        const grown = after[letter].map((now, i) => now - before[letter][i]!);
        const found = ["ios", "bytes"].map((key) => sumColumn(rows, key, ofType(letter)));
        assert.deepEqual(found, grown, letter);
        assert.ok(grown[0]! > 0, letter);
      }
    })
  ));
