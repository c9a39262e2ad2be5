import assert from "node:assert/strict";
import { VfsstatCounts } from "../vfsstat/layout.gen.ts";
import { growths, indexKey, mapEntries, slotGrowth, sumPerCpu } from "./maps.ts";
import { U32, U64 } from "./struct.ts";

Deno.test("sumPerCpu() reads the element by its index and sums it over the CPUs", () => {
  const { size, members } = VfsstatCounts.layout;
  const values = new Uint8Array(2 * size);
  const view = new DataView(values.buffer);
  view.setBigUint64(members.open.offset, 5n, true);
  view.setBigUint64(size + members.open.offset, 7n, true);
  const keys: number[] = [];
  const perCpu = (key: Uint8Array) => {
    keys.push(...key);
    return values;
  };
  const { open, rmdir } = sumPerCpu({ perCpu }, VfsstatCounts, 258);
  assert.deepEqual([open, rmdir, keys], [12n, 0n, [2, 1, 0, 0]]);
});

Deno.test("mapEntries() pairs each key with its value", () => {
  const entries = {
    count: 2,
    keys: new DataView(Uint32Array.of(7, 8, 9).buffer),
    keySize: 4,
    values: new DataView(BigUint64Array.of(1n, 2n, 10n, 20n, 0n, 0n).buffer),
    valueSize: 16,
  };
  const read = (key: U32, value: U64) => [key.value, value.counters().value];
  assert.deepEqual(mapEntries(entries, [U32, U64], read), [[7, 3n], [8, 30n]]);
});

Deno.test("growths() and slotGrowth() subtract by name and by slot", () => {
  assert.deepEqual(growths({ a: 5n, b: 7n }, { a: 2n, b: 7n }), { a: 3, b: 0 });
  assert.deepEqual(slotGrowth([4n, 10n], [4n, 7n]), [0, 3]);
});

Deno.test("indexKey() is a __u32", () => {
  assert.deepEqual([...indexKey(258)], [2, 1, 0, 0]);
});
