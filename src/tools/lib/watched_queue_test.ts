import assert from "node:assert/strict";
import { type Row, rowsBytes } from "../../model/mod.ts";
import type { MakeRow } from "./event_queue.ts";
import { WatchedQueue } from "./watched_queue.ts";

/** A record of `length` bytes that starts with its number. */
function record(number: number, length: number): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, number, true);
  return view;
}

const makeRow: MakeRow = (view, at, length) => {
  const number = view.getUint32(at, true);
  return number === 13 ? null : { number, text: `${number}`.padEnd(length, "x") };
};

const numbers = (rows: readonly Row[]): number[] => rows.map(({ number }) => Number(number));
const everyThousandth = ({ number }: Row): boolean => Number(number) % 1000 === 0;
const MIB = 1024 * 1024;

function fill(queue: WatchedQueue, count: number, length = 40): void {
  for (let number = 0; number < count; number++) queue.add(record(number, length), 0, length);
}

Deno.test("WatchedQueue passes on every event once, in order, whatever it drops", () => {
  const arrived: number[] = [];
  const queue = new WatchedQueue({ bytes: 64 * MIB, newest: 100 }, makeRow, ({ number }) => {
    arrived.push(Number(number));
    return false;
  });
  fill(queue, 5003);
  assert.deepEqual(arrived, Array.from({ length: 5003 }, (_, i) => i).filter((i) => i !== 13));
  assert.deepEqual(numbers(queue.take()), arrived.slice(-100));
  assert.equal(queue.takeDropped(), 4902);
  assert.deepEqual([queue.take(), queue.takeDropped()], [[], 0]);
});

Deno.test("WatchedQueue keeps the preferred events of a flood, in order among the newest others", () => {
  const queue = new WatchedQueue({ bytes: 64 * MIB, newest: 100 }, makeRow, everyThousandth);
  fill(queue, 50_500);
  const rare = Array.from({ length: 51 }, (_, i) => i * 1000);
  const others = Array.from({ length: 49 }, (_, i) => 50_451 + i);
  assert.deepEqual(numbers(queue.take()), [...rare, ...others]);
  assert.equal(queue.takeDropped(), 50_499 - 100);
  fill(queue, 150_500);
  const newest = Array.from({ length: 34 }, (_, i) => 150_466 + i);
  assert.deepEqual(numbers(queue.take()), [
    ...Array.from({ length: 66 }, (_, i) => 85_000 + i * 1000),
    ...newest,
  ]);
});

Deno.test("WatchedQueue stays within its bytes whatever the size of the events, with the rows that were taken last", () => {
  const bytes = 4 * MIB;
  for (const length of [8, 300, 4096, 100_000]) {
    const queue = new WatchedQueue({ bytes }, makeRow, everyThousandth);
    const count = Math.ceil(3 * bytes / length) + 7;
    fill(queue, count, length);
    const first = queue.take();
    fill(queue, count, length);
    const second = queue.take();
    assert.ok(
      second.length > 0 && rowsBytes(first) + rowsBytes(second) <= 1.3 * bytes + 300_000,
      `${length}`,
    );
    assert.equal(first.length + second.length + queue.takeDropped(), 2 * (count - (count > 13 ? 1 : 0)));
  }
});

Deno.test("WatchedQueue keeps the events of a flood that rank first, and the newest others", () => {
  const order = { key: "rank", descending: true };
  const ranked: MakeRow = (view, at) => {
    const number = view.getUint32(at, true);
    return { number, rank: number % 1000 === 7 ? 1_000_000 - number : number % 3 };
  };
  const queue = new WatchedQueue({ bytes: 64 * MIB, newest: 100 }, ranked, () => false, [order]);
  fill(queue, 20_500);
  const slowest = Array.from({ length: 21 }, (_, i) => 7 + i * 1000);
  const rows = queue.take();
  assert.deepEqual(numbers(rows).filter((number) => number % 1000 === 7), slowest);
  assert.deepEqual(numbers(rows.slice(-50)), Array.from({ length: 50 }, (_, i) => 20_450 + i));
  assert.deepEqual([rows.length, queue.takeDropped()], [100, 20_400]);
});

Deno.test("WatchedQueue ranks all events and keeps the preferred ones, within its bytes too", () => {
  const order = { key: "number", descending: false };
  const queue = new WatchedQueue({ bytes: MIB }, makeRow, everyThousandth, [order]);
  fill(queue, 100_000, 300);
  const rows = queue.take();
  assert.deepEqual(numbers(rows.slice(0, 3)), [0, 1, 2]);
  assert.equal(rows.filter(everyThousandth).length, 100);
  assert.equal(rows.length + queue.takeDropped(), 99_999);
  assert.ok(rowsBytes(rows) <= 1.1 * MIB);
});
