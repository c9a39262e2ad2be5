import assert from "node:assert/strict";
import { vfsstat } from "./mod.ts";

const OPTIONS = { filters: { self: false }, flags: {} };
const NONE = { read: 0n, write: 0n, fsync: 0n, open: 0n, create: 0n, unlink: 0n, mkdir: 0n, rmdir: 0n };

Deno.test("vfsstat has a row of the calls since the previous sample, and none for the first sample", () => {
  const previous = { ...NONE, read: 2n ** 60n, open: 7n };
  const sample = { ...previous, read: 2n ** 60n + 11n, open: 18n };
  assert.deepEqual(vfsstat.derive(sample, previous, OPTIONS).rows, [
    { read: 11, write: 0, fsync: 0, open: 11, create: 0, unlink: 0, mkdir: 0, rmdir: 0 },
  ]);
  assert.deepEqual(vfsstat.derive(sample, null, OPTIONS).rows, []);
});
