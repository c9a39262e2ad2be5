/**
 * fsslower against slow.c on ext4.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop } from "../support/ktop.ts";
import { withExt4 } from "../support/devices.ts";
import { countRows, sumColumn, total } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import { readMounts } from "../../src/bpf/mod.ts";
import * as slow from "../workloads/slow.ts";

async function mount(...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("mount", { args: [...args] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

/** Mounts a tmpfs in the directory, with an overlay of it if asked, until `use` has ended. */
async function withMounts(
  type: "tmpfs" | "overlay",
  directory: string,
  use: (path: string) => Promise<void>,
): Promise<void> {
  await mount("-t", "tmpfs", "none", directory);
  const merged = `${directory}/merged`;
  try {
    if (type === "tmpfs") return await use(directory);
    const layers = ["lower", "upper", "work"].map((name) => `${directory}/${name}`);
    for (const path of [...layers, merged]) Deno.mkdirSync(path);
    const [lower, upper, work] = layers;
    await mount(
      "-t",
      "overlay",
      "-o",
      `lowerdir=${lower},upperdir=${upper},workdir=${work}`,
      "overlay",
      merged,
    );
    await use(merged);
  } finally {
    if (type === "overlay") await new Deno.Command("umount", { args: [merged] }).output();
    await new Deno.Command("umount", { args: [directory] }).output();
  }
}

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

for (const type of ["tmpfs", "overlay"] as const) {
  Deno.test(`fsslower -t ${type} reports each operation on ${type}, and none on another file system`, async () => {
    await using directory = await TemporaryDirectory.make();
    await withMounts(type, directory.path, async (path) => {
      const { rows, ticks } = await watchWorkload(["slow", path], ["fsslower", "0", "-t", type]);
      assert.deepEqual(countRows(rows, slow.fileAndLetter("operation")), slow.operations(ticks[0]!.tier));
      assert.equal((await watchWorkload(["slow", path], ["ext4slower", "0"])).rows.length, 0);
    });
  });
}

Deno.test("fsslower says that no file system of the chosen type is mounted", async () => {
  const type = ["zfs", "f2fs", "nfs", "btrfs"].find((name) =>
    !readMounts().some((mount) => mount.type === name)
  )!;
  const { code, stderr } = await ktop(["fsslower", "-t", type, "--duration", "0.1"]);
  assert.deepEqual([code, stderr], [
    0,
    `ktop: fsslower runs without files on ${type}: no such file system is mounted\n`,
  ]);
});
