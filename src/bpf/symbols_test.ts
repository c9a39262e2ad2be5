import assert from "node:assert/strict";
import { parseFunctions, SymbolTable } from "./symbols.ts";

const KALLSYMS = `0000000000000000 A fixed_percpu_data
ffffffff81000200 t vfs_read.cold
ffffffff81000100 T vfs_read
ffffffff81000300 D vfs_data
ffffffffc0000000 t helper\t[module]
`;

const table = await SymbolTable.parse(new TextEncoder().encode(KALLSYMS));

Deno.test("parseFunctions() takes whole functions of the prefix only", () => {
  assert.deepEqual(parseFunctions(KALLSYMS, "vfs_"), [{ name: "vfs_read", address: 0xffffffff81000100n }]);
  assert.deepEqual(parseFunctions(KALLSYMS, "hel").map(({ name }) => name), ["helper"]);
});

Deno.test("SymbolTable.find() gives the function that an address lies in", () => {
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

Deno.test("SymbolTable.parse() ends when the text is cut within a line", async () => {
  const cut = await SymbolTable.parse(new TextEncoder().encode(`${KALLSYMS}ffffffff8100`));
  assert.equal(cut.find(0xffffffff81000100n)?.name, "vfs_read");
});
