import assert from "node:assert/strict";
import { parseFunctions, SymbolScan, SymbolTable } from "./symbols.ts";

const KALLSYMS = `0000000000000000 A fixed_percpu_data
ffffffff81000200 t vfs_read.cold
ffffffff81000100 T vfs_read
ffffffff81000300 D vfs_data
ffffffffc0000000 t helper\t[module]
`;

const table = await SymbolTable.parse(new TextEncoder().encode(KALLSYMS));

Deno.test("parseFunctions() returns the functions with the prefix, without data and suffixed copies", () => {
  assert.deepEqual(parseFunctions(KALLSYMS, "vfs_"), [{ name: "vfs_read", address: 0xffffffff81000100n }]);
  assert.deepEqual(parseFunctions(KALLSYMS, "hel").map(({ name }) => name), ["helper"]);
});

Deno.test("SymbolTable.find() returns the function that contains an address", () => {
  assert.deepEqual(table.find(0xffffffff81000100n), { name: "vfs_read", address: 0xffffffff81000100n });
  assert.equal(table.find(0xffffffff810001ffn)?.name, "vfs_read");
  assert.equal(table.find(0xffffffff81000200n)?.name, "vfs_read.cold");
  assert.equal(table.find(0xffffffffc000ffffn)?.name, "helper");
  assert.equal(table.find(0xffffffff810000ffn), null);
});

Deno.test("SymbolTable.find() finds nothing when the last function is too far away", () => {
  assert.equal(table.find(0xffffffff81010200n), null);
  assert.equal(table.find(0xffffffffffffffffn), null);
});

Deno.test("SymbolTable.find() finds nothing when addresses are hidden", async () => {
  const hidden = await SymbolTable.parse(new TextEncoder().encode("0000000000000000 T vfs_read\n"));
  assert.equal(hidden.find(0xffffffff81000100n), null);
});

Deno.test("SymbolTable.parse() keeps the complete lines when the text ends inside a line", async () => {
  const cut = await SymbolTable.parse(new TextEncoder().encode(`${KALLSYMS}ffffffff8100`));
  assert.equal(cut.find(0xffffffff81000100n)?.name, "vfs_read");
});

const SCANNED = `ffffffff81000000 T _text
ffffffff81400000 T vfs_read
ffffffff81400100 t lookup_fast.constprop.0
ffffffff81400200 t d_lookup.isra.0.cold
ffffffff81400300 T d_lookup
ffffffff81400400 t twice
ffffffff81400500 t twice
ffffffff81400600 D vfs_write
ffffffff81400700 t vfs_write_not\t[module]
ffffffffc0000000 t ext4_sync\t[ext4]
ffffffffc0000100 t inner.isra.0.constprop.1
ffffffffc0000200 t cloned.constprop.1
ffffffffc0000300 t cloned.constprop.0
`;
const NAMES = [
  "vfs_read",
  "lookup_fast",
  "d_lookup",
  "twice",
  "vfs_write",
  "ext4_sync",
  "inner",
  "cloned",
  "absent",
];

const EXPECTED = new Map([
  ["vfs_read", { symbol: "vfs_read", address: 0xffffffff81400000n, copies: 1 }],
  ["lookup_fast", { symbol: "lookup_fast.constprop.0", address: 0xffffffff81400100n, copies: 1 }],
  ["d_lookup", { symbol: "d_lookup", address: 0xffffffff81400300n, copies: 1 }],
  ["twice", { symbol: "twice", address: 0xffffffff81400500n, copies: 2 }],
  ["vfs_write", { symbol: null, address: 0n, copies: 0 }],
  ["ext4_sync", { symbol: "ext4_sync", address: 0xffffffffc0000000n, copies: 1 }],
  ["inner", { symbol: "inner.isra.0.constprop.1", address: 0xffffffffc0000100n, copies: 1 }],
  ["cloned", { symbol: "cloned.constprop.0", address: 0xffffffffc0000300n, copies: 1 }],
  ["absent", { symbol: null, address: 0n, copies: 0 }],
]);

Deno.test("SymbolScan finds exact names, suffixed copies, modules and duplicates when given the whole file", () => {
  const scan = new SymbolScan(NAMES);
  scan.add(SCANNED);
  assert.deepEqual(scan.result(), EXPECTED);
});

Deno.test("SymbolScan finds the same when pieces end inside lines", () => {
  for (let size = 1; size < 40; size++) {
    const scan = new SymbolScan(NAMES);
    for (let at = 0; at < SCANNED.length; at += size) scan.add(SCANNED.slice(at, at + size));
    assert.deepEqual(scan.result(), EXPECTED);
  }
});
