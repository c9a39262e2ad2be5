/**
 * Measures draining a hash map and a ring buffer in TypeScript, decoding included. Part of scripts/bench; needs root and
 * build/fixtures/umask.bpf.o.
 *
 * @module
 */
import { attachFixture, callUmask } from "../../../tests/kernel/bpf_fixture.ts";
import { printGoals } from "./goals.ts";

/** The result of repeated measurements. */
interface Measured {
  readonly median: number;
  readonly worst: number;
}

function summarize(values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, worst: sorted.at(-1)! };
}

/** Byte offset of the name in the fixture's `struct wide_value`. */
const NAME = 64;

/**
 * Milliseconds to drain a hash map of `keys` keys of 16 bytes and values of 320 bytes, adding up eight counters of each and
 * finding the end of its name.
 */
async function drainMs(keys = 10_240, rounds = 15): Promise<Measured> {
  using attached = await attachFixture();
  const map = attached.object.map("wide");
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const key = new BigUint64Array(2);
    const value = new Uint8Array(320);
    value.set(new TextEncoder().encode("a-file-name.txt"), NAME);
    for (let index = 0; index < keys; index++) {
      key[0] = BigInt(index);
      map.update(new Uint8Array(key.buffer), value);
    }
    const start = performance.now();
    const { count, values, valueSize } = map.drain();
    let sum = 0;
    for (let at = 0; at < count * valueSize; at += valueSize) {
      for (let counter = 0; counter < NAME; counter += 8) {
        sum += Number(values.getBigUint64(at + counter, true));
      }
      for (let end = at + NAME; values.getUint8(end) !== 0; end++) sum++;
    }
    times.push(performance.now() - start);
    if (count !== keys || sum !== keys * 15) throw new Error(`drained ${count} of ${keys} keys, sum ${sum}`);
  }
  return summarize(times);
}

/** Nanoseconds to read and decode one record of a ring buffer, averaged over batches of about 1,700. */
async function ringRecordNs(rounds = 200): Promise<Measured> {
  using attached = await attachFixture({ constants: { records_per_call: 1000 } });
  const ring = attached.object.map("ring").openRing();
  const times: number[] = [];
  let sum = 0;
  for (let round = 0; round < rounds; round++) {
    callUmask(2);
    const start = performance.now();
    const count = ring.consume((view, offset, length) => {
      sum += view.getUint32(offset, true) + length;
    });
    times.push((performance.now() - start) * 1e6 / count);
  }
  if (sum === 0) throw new Error("the ring buffer had no records");
  return summarize(times.slice(rounds >> 1)); // the first half runs before V8 has optimized the loop
}

if (import.meta.main) {
  const drain = await drainMs();
  const record = await ringRecordNs();
  console.log(`map drain, 10,240 keys   ${drain.median.toFixed(2)} ms (worst ${drain.worst.toFixed(2)})`);
  console.log(`ring buffer, a record    ${record.median.toFixed(0)} ns (worst ${record.worst.toFixed(0)})`);
  printGoals([
    { what: "map of 10,240 keys, ms", atMost: 3, measured: drain.median, digits: 2 },
    { what: "ring-buffer record, ns", atMost: 40, measured: record.median },
  ]);
}
