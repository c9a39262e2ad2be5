import assert from "node:assert/strict";
import { drainRing, type OnRecord, type Ring } from "./ring.ts";

const SIZE = 4 * 1024 * 1024;
const HEADER = 8;
const RECORD = new DataView(new ArrayBuffer(56));

/** A ring that a program fills again as fast as it is read. */
class EndlessRing implements Ring {
  readonly backlog = SIZE;
  /** Bytes, headers included. */
  read = 0;

  consume(onRecord: OnRecord, limit: number): number {
    for (let i = 0; i < limit; i++) onRecord(RECORD, 0, RECORD.byteLength);
    this.read += limit * (HEADER + RECORD.byteLength);
    return limit;
  }
}

Deno.test("drainRing() reads what the ring holds, and ends even if it is filled faster than it is read", () => {
  const ring = new EndlessRing();
  let records = 0;
  assert.equal(drainRing(ring, () => records++, Infinity), true);
  assert.ok(ring.read >= SIZE && ring.read < 1.5 * SIZE, `${ring.read} bytes`);
  assert.equal(records * (HEADER + RECORD.byteLength), ring.read);
});

Deno.test("drainRing() stops at the deadline", () => {
  const ring = new EndlessRing();
  assert.equal(drainRing(ring, () => {}, performance.now()), false);
  assert.ok(ring.read > 0 && ring.read < SIZE / 4);
});
