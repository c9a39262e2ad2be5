/**
 * cachestat against pages.c, mincore(2), /proc/PID/io and /proc/vmstat, on an ext4 file system of the test.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktop } from "../support/ktop.ts";
import { withExt4 } from "../support/devices.ts";
import { type Row, sumColumn } from "../support/ticks.ts";
import { type Watched, watchTogether, watchWorkload } from "../support/watch.ts";
import { COLD, DIRTIED, exact, exactSums, PAGES, WARM } from "../workloads/pages.ts";

const COUNTS = Object.keys(exact.ahead!);

const sumsOf = (rows: readonly Row[]): Record<string, number> =>
  Object.fromEntries(COUNTS.map((key) => [key, sumColumn(rows, key)]));

/** The sums of what cachestat counts while the process asks for pages in these ways. */
async function watchPages(
  directory: string,
  ways: readonly string[],
): Promise<{ sums: Record<string, number>; measured: Watched["measured"] }> {
  const { rows, measured } = await watchWorkload(["pages", directory, ...ways], ["cachestat"]);
  return { sums: sumsOf(rows), measured };
}

Deno.test("cachestat counts 1009 hits of a cached file of 1009 pages by read, pread, mmap and sendfile", () =>
  withExt4(async (directory) => {
    for (const way of WARM) assert.deepEqual((await watchPages(directory, [way])).sums, exact[way], way);
    // Each mapping faults again.
    const twice = ["warm_mmap", "warm_mmap"];
    assert.deepEqual((await watchPages(directory, twice)).sums, exactSums(twice));
  }));

Deno.test("cachestat counts 1009 misses of a file of 1009 pages that is not cached, and what read-ahead added of them", () =>
  withExt4(async (directory) => {
    for (const way of COLD) {
      const { sums, measured } = await watchPages(directory, [way]);
      assert.deepEqual([measured[`${way}_evicted`], measured[`${way}_present`]], [PAGES, PAGES], way);
      assert.equal(sums.misses, PAGES, way);
      // Read-ahead adds pages before they are asked for.
      assert.ok(sums.readahead! > PAGES / 2 && sums.readahead! < PAGES, `${way}: ${sums.readahead}`);
      assert.equal(sums.hits! + sums.misses! - sums.readahead!, PAGES, way);
      assert.equal(sums.mmap, way === "cold_mmap" ? PAGES : 0, way);
    }
  }));

Deno.test("cachestat counts no page as read ahead that one read asks for, and only such of readahead(2)", () =>
  withExt4(async (directory) => {
    for (const way of ["cold_large", "cold_random", "half_large", "ahead"]) {
      assert.deepEqual((await watchPages(directory, [way])).sums, exact[way], way);
    }
  }));

Deno.test("cachestat counts pages that become dirty, as the kernel does for the process", () =>
  withExt4(async (directory) => {
    const { sums, measured } = await watchPages(directory, ["dirty"]);
    assert.deepEqual(sums, exactSums([], measured.written));
    assert.ok(measured.written! >= DIRTIED);
  }));

Deno.test("cachestat --by process and --by file count what the sums do, in the row of the process or file", () =>
  withExt4(async (directory) => {
    const ways = ["warm_read", "cold_large", "warm_mmap"];
    const [byProcess, byFile] = await watchTogether(["pages", directory, ...ways, "dirty"], [
      ["cachestat", "--by", "process"],
      ["cachestat", "--by", "file"],
    ]);
    const { written } = byProcess!.measured;
    assert.deepEqual(sumsOf(byProcess!.rows), exactSums(ways, written));
    assert.ok(
      byProcess!.rows.every(({ pid, comm, file, dev }) =>
        pid === byProcess!.pid && comm === "pages" && file === null && dev === null
      ),
    );
    const ofFile = (name: string): Row[] => byFile!.rows.filter(({ file }) => file === name);
    assert.deepEqual(sumsOf(ofFile("pages")), exactSums(ways));
    assert.ok(sumColumn(ofFile("dirty"), "dirties") >= DIRTIED);
    assert.deepEqual(sumsOf(byFile!.rows), exactSums(ways, written));
    assert.ok(
      byFile!.rows.every(({ dev, inode, pid }) => /^7:\d+$/.test(String(dev)) && inode && pid === null),
    );
  }));

Deno.test("a recording of cachestat cannot be grouped, and replay says how to measure what was asked for", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const file = `${directory}/one.gz`;
    const recorded = await ktop(["record", file, "--tools", "cachestat", "-i", "0.1", "--count", "1"]);
    assert.equal(recorded.code, 0, recorded.stderr);
    for (const how of [["--json"], ["--csv"], ["-b"]]) {
      assert.deepEqual(await ktop(["replay", file, ...how, "--by", "process"]), {
        code: 2,
        stdout: "",
        stderr: "ktop: cachestat counted everything in one row: there is nothing to group. " +
          "Divide while measuring: ktop cachestat --by process, ktop cachestat --by file.\n",
      });
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
