import assert from "node:assert/strict";
import { UsageError } from "../../errors.ts";
import { dirtop, findDirectories } from "./mod.ts";
import type { ToolOptions } from "../tool.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });
const directory = (real: string) => ({ real, dev: 1, inode: 2n, subvolume: 0 });
const sample = (...counts: readonly bigint[][]) => ({
  directories: counts.map((_, i) => directory(`/d${i}`)),
  counts: counts.map(([reads, writes, read_bytes, write_bytes]) => ({
    reads: reads!,
    writes: writes!,
    read_bytes: read_bytes!,
    write_bytes: write_bytes!,
  })),
});

Deno.test("dirtop.derive() returns a row for each directory, even without I/O, largest first", () => {
  const { rows } = dirtop.derive(
    sample([1n, 2n, 100n, 200n], [10n, 0n, 0n, 0n], [11n, 2n, 4196n, 200n]),
    sample([1n, 2n, 100n, 200n], [9n, 0n, 0n, 0n], [1n, 2n, 100n, 200n]),
    options(),
  );
  assert.deepEqual(rows, [
    { reads: 10, writes: 0, read_bytes: 4096, write_bytes: 0, path: "/d2" },
    { reads: 1, writes: 0, read_bytes: 0, write_bytes: 0, path: "/d1" },
    { reads: 0, writes: 0, read_bytes: 0, write_bytes: 0, path: "/d0" },
  ]);
});

Deno.test("dirtop.derive() sorts by the counter of -s", () => {
  const now = sample([5n, 0n, 0n, 1n], [1n, 0n, 0n, 9n]);
  const before = sample([0n, 0n, 0n, 0n], [0n, 0n, 0n, 0n]);
  const first = (sort: string): unknown =>
    dirtop.derive(now, before, options({ "sort-by": sort })).rows[0]!.path;
  assert.deepEqual([first("reads"), first("wbytes")], ["/d0", "/d1"]);
});

Deno.test("dirtop.derive() returns no rows for the first sample", () => {
  assert.deepEqual(dirtop.derive(sample([1n, 1n, 1n, 1n]), null, options()), { rows: [] });
});

Deno.test("findDirectories() throws UsageError for an empty list", () => {
  assert.throws(() => findDirectories(""), UsageError);
  assert.throws(() => findDirectories(","), UsageError);
});
