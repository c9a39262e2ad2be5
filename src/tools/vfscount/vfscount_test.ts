import assert from "node:assert/strict";
import { SymbolTable } from "../../bpf/mod.ts";
import type { ToolOptions } from "../tool.ts";
import { vfscount } from "./mod.ts";

const OPTIONS: ToolOptions = { filters: { self: false }, flags: {} };
const READ = 0xffffffff81000100n;
const WRITE = 0xffffffff81000200n;
const symbols = await SymbolTable.parse(
  new TextEncoder().encode("ffffffff81000100 T vfs_read\nffffffff81000200 T vfs_write\n"),
);

Deno.test("vfscount.derive() counts the calls of the interval by function, most first", () => {
  const now = { calls: new Map([[READ + 1n, 12n], [WRITE + 5n, 40n]]), symbols };
  const before = { calls: new Map([[READ + 1n, 5n]]), symbols };
  assert.deepEqual(vfscount.derive(now, before, OPTIONS).rows, [
    { addr: "0xffffffff81000200", func: "vfs_write", count: 40 },
    { addr: "0xffffffff81000100", func: "vfs_read", count: 7 },
  ]);
});

Deno.test("vfscount.derive() returns no rows for functions without calls in the interval", () => {
  const sample = { calls: new Map([[READ, 12n]]), symbols };
  assert.deepEqual(vfscount.derive(sample, sample, OPTIONS), { rows: [] });
  assert.deepEqual(vfscount.derive(sample, null, OPTIONS), { rows: [] });
});

Deno.test("vfscount.derive() shows only the address when no function starts there", () => {
  const before = { calls: new Map<bigint, bigint>(), symbols };
  const far = { calls: new Map([[READ + 0x80n, 1n]]), symbols };
  assert.deepEqual(vfscount.derive(far, before, OPTIONS).rows, [
    { addr: "0xffffffff81000180", func: null, count: 1 },
  ]);
});
