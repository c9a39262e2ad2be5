import assert from "node:assert/strict";
import { type BpfObject, ringArrival } from "../../src/bpf/mod.ts";
import { attachFixture, callUmask, readGlobal, takeRecords } from "./bpf_fixture.ts";

/** The fixture's payload bytes, by record number modulo 5; it discards every seventh record. */
const LENGTHS = [8, 12, 24, 29, 40] as const;

/** Record numbers from `first` to `end`, without the discarded ones. */
function submitted(first: bigint, end: bigint): { number: bigint; length: number }[] {
  const records: { number: bigint; length: number }[] = [];
  for (let number = first; number < end; number++) {
    if (number % 7n !== 6n) records.push({ number, length: LENGTHS[Number(number % 5n)]! });
  }
  return records;
}

Deno.test("RingBuffer.consume() passes on all records in order when the ring wraps several times", async () => {
  using attached = await attachFixture({ constants: { records_per_call: 100 } });
  const ring = attached.object.map("ring").openRing();
  const records: { number: bigint; length: number }[] = [];
  for (let round = 0; round < 200; round++) {
    callUmask(2);
    records.push(...takeRecords(ring));
    assert.equal(ring.backlog, 0);
  }
  const made = readGlobal(attached, "made");
  assert.equal(made, 40_000n); // about 24 bytes each: 15 times around 64 KiB
  assert.equal(readGlobal(attached, "lost"), 0n);
  assert.deepEqual(records, submitted(0n, made));
});

Deno.test("RingBuffer.consume() and the lost counter add up to all records when the ring is flooded", async () => {
  using attached = await attachFixture({ constants: { records_per_call: 1000 } });
  const ring = attached.object.map("ring").openRing();
  callUmask(13);
  const [made, lost, discarded] = ["made", "lost", "discarded"].map((name) => readGlobal(attached, name));
  assert.equal(made, 13_000n);
  assert.ok(lost! > 0n);
  const taken = takeRecords(ring);
  assert.equal(BigInt(taken.length) + discarded! + lost!, made);
  for (const [index, { number, length }] of taken.entries()) {
    assert.ok(index === 0 || number > taken[index - 1]!.number);
    assert.equal(length, LENGTHS[Number(number % 5n)]);
  }
  assert.equal(ring.backlog, 0);
  callUmask(2);
  assert.ok(takeRecords(ring).every(({ number }) => number >= made!));
});

Deno.test("RingBuffer.consume() stops at its limit and continues there on the next call", async () => {
  using attached = await attachFixture({ constants: { records_per_call: 50 } });
  const ring = attached.object.map("ring").openRing();
  callUmask(2);
  const first = takeRecords(ring, 30);
  assert.equal(first.length, 30);
  assert.ok(ring.backlog > 0);
  assert.deepEqual([...first, ...takeRecords(ring)], submitted(0n, 100n));
});

Deno.test("RingBuffer.consume() counts a record as read when the callback throws", async () => {
  using attached = await attachFixture({ constants: { records_per_call: 3 } });
  const ring = attached.object.map("ring").openRing();
  callUmask(2);
  assert.throws(() =>
    ring.consume(() => {
      throw new RangeError("no");
    }), RangeError);
  assert.deepEqual(takeRecords(ring), submitted(1n, 6n));
});

Deno.test("ringArrival() waits for the next record of any ring", async () => {
  using idle = await attachFixture({ constants: { records_per_call: 0 } });
  using attached = await attachFixture({ constants: { records_per_call: 1 } });
  idle.object.map("ring").openRing();
  const ring = attached.object.map("ring").openRing();
  for (let round = 0; round < 5; round++) {
    const arrival = ringArrival()!;
    let hasArrived = false;
    arrival.arrived.then(() => hasArrived = true);
    const cancelled = ringArrival()!;
    cancelled.cancel();
    await cancelled.arrived;
    cancelled.cancel();
    assert.equal(hasArrived, false);
    callUmask(2);
    await arrival.arrived;
    const first = BigInt(2 * round);
    assert.deepEqual(takeRecords(ring), submitted(first, first + 2n));
  }
});

Deno.test("ringArrival() does not wait for a ring that is not awaited", async () => {
  using attached = await attachFixture({ constants: { records_per_call: 1 } });
  const ring = attached.object.map("ring").openRing({ awaited: false });
  const own = ring.arrival()!;
  const any = ringArrival()!;
  let hasArrived = false;
  any.arrived.then(() => hasArrived = true);
  callUmask(2);
  await own.arrived;
  const cancelled = ringArrival()!;
  cancelled.cancel();
  await cancelled.arrived;
  assert.equal(hasArrived, false);
  any.cancel();
  await any.arrived;
});

Deno.test("RingBuffer throws TypeError when it is used after close", async () => {
  const attached = await attachFixture({ constants: { records_per_call: 1 } });
  const closed = attached.object.map("ring").openRing();
  closed.close();
  closed.close();
  assert.throws(() => closed.consume(() => {}), TypeError);
  const orphan = attached.object.map("ring").openRing();
  attached.close();
  assert.throws(() => orphan.consume(() => {}), TypeError);
  assert.throws(() => orphan.backlog, TypeError);
});

Deno.test("BpfMap.openRing() throws TypeError when the map is not a ring buffer", async () => {
  using attached = await attachFixture();
  assert.throws(() => attached.object.map("counts").openRing(), TypeError);
});

Deno.test("BpfObject.growRing() enlarges a ring buffer up to a limit, and never shrinks it", async () => {
  const KIB = 1024;
  for (const [factor, most, expected] of [[4, 256, 256], [4, 200, 128], [1, 256, 64], [4, 32, 64]] as const) {
    using attached = await attachFixture({
      constants: { records_per_call: 100 },
      prepare: (object: BpfObject) => {
        object.growRing("ring", factor, most * KIB);
        object.growRing("absent", factor, most * KIB);
      },
    });
    const ring = attached.object.map("ring").openRing();
    assert.equal(ring.size, expected * KIB);
    const numbers: bigint[] = [];
    for (let round = 0; round < 100; round++) {
      callUmask(2);
      numbers.push(...takeRecords(ring).map(({ number }) => number));
    }
    assert.deepEqual(numbers, submitted(0n, 20_000n).map(({ number }) => number));
  }
});
