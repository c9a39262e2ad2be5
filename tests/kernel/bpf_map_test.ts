import assert from "node:assert/strict";
import { type BpfMap, BpfObject, possibleCpus } from "../../src/bpf/mod.ts";
import { attachFixture, callUmask, key32, readGlobal } from "./bpf_fixture.ts";

/** Keys and values of a map of u32 → u64. */
function table(entries: ReturnType<BpfMap["drain"]>): Map<number, bigint> {
  const found = new Map<number, bigint>();
  for (let index = 0; index < entries.count; index++) {
    const key = entries.keys.getUint32(index * entries.keySize, true);
    found.set(key, entries.values.getBigUint64(index * entries.valueSize, true));
  }
  return found;
}

Deno.test("BpfMap.drain() returns each key once, with its exact count", async () => {
  using attached = await attachFixture({ constants: { keys: 101 } });
  callUmask(1009);
  const counts = table(attached.object.map("counts").drain());
  assert.equal(counts.size, 101);
  for (const [key, count] of counts) assert.equal(count, key < 1009 % 101 ? 10n : 9n);
  assert.equal(readGlobal(attached, "calls"), 1009n);
  assert.equal(attached.object.map("counts").drain().count, 0);
});

Deno.test("BpfMap.drain() returns 10,240 keys although its buffer starts smaller", async () => {
  using attached = await attachFixture();
  const map = attached.object.map("counts");
  for (let key = 0; key < 10_240; key++) {
    map.update(key32(key), new Uint8Array(new BigUint64Array([BigInt(key) << 33n]).buffer));
  }
  const left = table(map.entries());
  const taken = table(map.drain());
  assert.equal(taken.size, 10_240);
  assert.equal(left.size, 10_240);
  for (const [key, value] of taken) {
    assert.equal(value, BigInt(key) << 33n);
    assert.equal(left.get(key), value);
  }
  assert.equal(map.entries().count, 0);
});

Deno.test("BpfMap.drain() returns and deletes the same entries when the kernel has no batch operation", async () => {
  using attached = await attachFixture({ constants: { keys: 307 } });
  callUmask(307);
  const map = attached.object.map("counts");
  const batch = table(map.entries());
  assert.equal(map.batch, true);
  map.batch = false;
  const byKey = table(map.drain());
  assert.equal(byKey.size, 307);
  assert.deepEqual(byKey, batch);
  assert.equal(map.entries().count, 0);
});

Deno.test("BpfMap.entries() returns per-CPU values that add up to the calls", async () => {
  using attached = await attachFixture({ constants: { keys: 7 } });
  callUmask(503);
  const { count, values, valueSize } = attached.object.map("counts_per_cpu").entries();
  assert.equal(count, 7);
  assert.equal(valueSize, 8 * possibleCpus()); // 4 bytes a CPU, rounded up
  let sum = 0;
  for (let at = 0; at < count * valueSize; at += 8) sum += values.getUint32(at, true);
  assert.equal(sum, 503);
  assert.equal(attached.object.map("counts_per_cpu").drain().count, 7);
});

Deno.test("BpfMap.perCpu() returns structs whose members add up to the calls", async () => {
  using attached = await attachFixture();
  callUmask(211);
  const values = new BigUint64Array(attached.object.map("totals").perCpu(key32(0)).buffer);
  assert.equal(values.length, 3 * possibleCpus());
  const sum = (member: number) =>
    values.reduce((total, value, index) => index % 3 === member ? total + value : total, 0n);
  assert.deepEqual([sum(0), sum(1), sum(2)], [211n, 0n, 422n]);
});

Deno.test("BpfMap.lookup() returns null and delete() false when a key is absent", async () => {
  using attached = await attachFixture();
  const map = attached.object.map("counts");
  assert.equal(map.lookup(key32(9)), null);
  assert.equal(map.delete(key32(9)), false);
  map.update(key32(9), new Uint8Array(8).fill(1));
  assert.deepEqual(map.lookup(key32(9)), new Uint8Array(8).fill(1));
  assert.equal(map.delete(key32(9)), true);
});

Deno.test("BpfMap.update() throws E2BIG when the map is full", async () => {
  using attached = await attachFixture({ prepare: (object: BpfObject) => object.setMaxEntries("counts", 3) });
  const map = attached.object.map("counts");
  for (const key of [1, 2, 3]) map.update(key32(key), new Uint8Array(8));
  assert.throws(() => map.update(key32(4), new Uint8Array(8)), { name: "BpfError", errno: "E2BIG" });
});

Deno.test("BpfMap throws TypeError for a key or value of the wrong size", async () => {
  using attached = await attachFixture();
  const map = attached.object.map("counts");
  assert.throws(() => map.lookup(new Uint8Array(5)), TypeError);
  assert.throws(() => map.update(key32(1), new Uint8Array(7)), TypeError);
  assert.throws(() => map.readUnsigned(0, 8), { name: "BpfError" }); // not mapped memory
});

Deno.test("BpfMap throws TypeError after close, and close may be called twice", async () => {
  const attached = await attachFixture();
  const map = attached.object.map("counts");
  const readCalls = attached.object.global("calls");
  assert.equal(readCalls(), 0n);
  attached.close();
  attached.close();
  assert.throws(() => map.drain(), TypeError);
  assert.throws(() => map.lookup(key32(1)), TypeError);
  assert.throws(() => readCalls(), TypeError);
  assert.throws(() => attached.object.map("counts"), TypeError);
});

Deno.test("BpfObject.constant() sets variables of .rodata and .data before the load", async () => {
  using attached = await attachFixture({
    constants: { flag: true, text: new TextEncoder().encode("ktop"), started: 2n ** 63n },
  });
  const bytes = (name: string) => {
    const { map, offset, size } = attached.object.variable(name)!;
    return attached.object.map(map).lookup(key32(0))!.slice(offset, offset + size);
  };
  assert.deepEqual([...bytes("flag")], [1]);
  assert.deepEqual([...bytes("text")], [..."ktop\0\0\0\0"].map((letter) => letter.charCodeAt(0)));
  assert.equal(readGlobal(attached, "started"), 2n ** 63n);
  assert.throws(() => attached.object.constant("keys", 1), TypeError);
});
