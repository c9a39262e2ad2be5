import assert from "node:assert/strict";
import { type Row, rowsBytes } from "../../model/mod.ts";
import { type EventQueue, type MakeRow, type QueueLimits, RecordQueue, RowQueue } from "./event_queue.ts";

/** A record of `length` bytes that starts with its number. */
function record(number: number, length: number): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, number, true);
  return view;
}

const makeRow: MakeRow = (view, at, length) => ({
  number: view.getUint32(at, true),
  length,
  text: `${view.getUint32(at, true)}`.padEnd(length, "x"),
});

const KINDS: readonly [string, (limits: QueueLimits) => EventQueue][] = [
  ["RowQueue", (limits) => new RowQueue(limits, makeRow)],
  ["RecordQueue", (limits) => new RecordQueue(limits, makeRow)],
];

/** Of each byte of a record four characters: an escaped control character. */
const equalText: MakeRow = (_, __, length) => ({ text: "\\x01".repeat(length) });

const KINDS_OF_EQUAL_TEXTS: typeof KINDS = [
  ["RowQueue", (limits) => new RowQueue(limits, equalText)],
  ["RecordQueue", (limits) => new RecordQueue(limits, equalText)],
];

function fill(queue: EventQueue, count: number, length: number): void {
  for (let number = 0; number < count; number++) queue.add(record(number, length), 0, length);
}

const numbers = (rows: readonly Row[]): number[] => rows.map(({ number }) => Number(number));
const countTo = (first: number, end: number): number[] =>
  Array.from({ length: end - first }, (_, i) => first + i);

for (const [name, make] of KINDS) {
  Deno.test(`${name} gives all events in order while they are within the limits`, () => {
    const queue = make({ bytes: 64 * 1024 * 1024 });
    for (let round = 0; round < 3; round++) {
      fill(queue, 5003, 64);
      assert.deepEqual(numbers(queue.take()), countTo(0, 5003));
      assert.equal(queue.takeDropped(), 0);
      assert.deepEqual(queue.take(), []);
    }
  });

  Deno.test(`${name} stays within its bytes whatever the size of the events: the oldest are dropped and counted`, () => {
    for (const length of [8, 300, 4096, 200_000]) {
      const bytes = 4 * 1024 * 1024;
      const queue = make({ bytes });
      const count = Math.ceil(5 * bytes / length) + 7;
      fill(queue, count, length);
      const rows = queue.take();
      const dropped = queue.takeDropped();
      assert.ok(dropped > 0);
      assert.deepEqual(numbers(rows), countTo(dropped, count));
      assert.ok(rows.length > 0 && rowsBytes(rows) < 1.2 * bytes + 300_000);
      assert.equal(queue.takeDropped(), 0);
    }
  });

  Deno.test(`${name} gives the newest events if only these are wanted, and counts the others as dropped`, () => {
    const queue = make({ bytes: 64 * 1024 * 1024, newest: 1000 });
    for (const count of [1, 999, 1000, 1001, 70_001]) {
      fill(queue, count, 40);
      assert.deepEqual(numbers(queue.take()), countTo(Math.max(0, count - 1000), count));
      assert.equal(queue.takeDropped(), Math.max(0, count - 1000));
    }
  });

  Deno.test(`${name} follows a lower limit`, () => {
    const queue = make({ bytes: 64 * 1024 * 1024 });
    fill(queue, 10_000, 1000);
    queue.limits = { bytes: 1024 * 1024 };
    fill(queue, 2000, 1000);
    const rows = queue.take();
    assert.ok(rowsBytes(rows) < 1.5 * 1024 * 1024);
    assert.equal(rows.length + queue.takeDropped(), 12_000);
  });
}

for (const [name, make] of KINDS_OF_EQUAL_TEXTS) {
  Deno.test(`${name} stays within its bytes when all events have the same long text`, () => {
    const bytes = 4 * 1024 * 1024;
    const queue = make({ bytes });
    fill(queue, 2000, 4000);
    const rows = queue.take();
    assert.ok(rows.length > 0 && rows.length * 16_000 < 1.2 * bytes + 300_000);
    assert.equal(rows.length + queue.takeDropped(), 2000);
  });
}

for (const [name, make] of KINDS) {
  Deno.test(`${name} streams all events in order, and again within its bytes while the last ones are still streamed`, () => {
    const bytes = 4 * 1024 * 1024;
    const queue = make({ bytes });
    fill(queue, 5003, 64);
    assert.deepEqual(numbers([...queue.stream()]), countTo(0, 5003));
    fill(queue, 2003, 64);
    const streamed: Row[] = [];
    let added = 0;
    for (const row of queue.stream()) {
      streamed.push(row);
      for (let i = 0; i < 100; i++) queue.add(record(added++, 64), 0, 64);
    }
    assert.deepEqual(numbers(streamed), countTo(0, 2003));
    const rest = [...queue.stream()];
    const dropped = queue.takeDropped();
    assert.ok(dropped > 0);
    assert.deepEqual(numbers(rest), countTo(dropped, added));
    assert.deepEqual([[...queue.stream()], queue.takeDropped()], [[], 0]);
  });
}

Deno.test("RecordQueue streams every event whose record its bytes hold, however large the rows are", () => {
  const bytes = 4 * 1024 * 1024;
  const queue = new RecordQueue({ bytes }, equalText);
  fill(queue, 1500, 1000);
  assert.equal([...queue.stream()].length, 1500);
  assert.equal(queue.takeDropped(), 0);
  fill(queue, 8000, 1000);
  let count = 0;
  for (const _ of queue.stream()) count++;
  assert.ok(count > 0.8 * bytes / 1000 && count < bytes / 1000);
  assert.equal(count + queue.takeDropped(), 8000);
});

Deno.test("RecordQueue counts the records that are being streamed as a part of its limit", () => {
  const bytes = 4 * 1024 * 1024;
  const queue = new RecordQueue({ bytes }, equalText);
  queue.stream();
  fill(queue, 3500, 1000);
  const rows = queue.stream()[Symbol.iterator]();
  rows.next();
  fill(queue, 8000, 1000);
  let streamed = 1;
  while (!rows.next().done) streamed++;
  assert.equal(streamed, 3500);
  assert.ok([...queue.stream()].length * 1000 < 0.3 * bytes);
});

Deno.test("RecordQueue keeps half of its limit for rows after take(), also when it streamed before", () => {
  const bytes = 4 * 1024 * 1024;
  const queue = new RecordQueue({ bytes }, () => ({ number: 1 }));
  queue.stream();
  queue.take();
  fill(queue, 8000, 1000);
  assert.ok(queue.take().length < 0.55 * bytes / 1000);
});

Deno.test("RecordQueue decodes an event only when it is streamed", () => {
  let decoded = 0;
  const queue = new RecordQueue({ bytes: 64 * 1024 * 1024 }, (...record) => {
    decoded++;
    return makeRow(...record);
  });
  fill(queue, 100_000, 40);
  const [first] = queue.stream();
  assert.equal(first!.number, 0);
  assert.ok(decoded < 2000);
});

Deno.test("RowQueue counts the rows that were taken last as a part of its limit", () => {
  const limits = { bytes: 16 * 1024 * 1024 };
  const queue = new RowQueue(limits, makeRow);
  fill(queue, 6000, 1000);
  const first = queue.take();
  assert.equal(queue.takeDropped(), 0);
  fill(queue, 6000, 1000);
  const second = queue.take();
  assert.ok(rowsBytes(first) + rowsBytes(second) < 1.2 * limits.bytes);
  assert.equal(second.length + queue.takeDropped(), 6000);
});

Deno.test("RowQueue does not keep or count events that are not wanted", () => {
  const queue = new RowQueue({ bytes: 1024 * 1024 }, (view, at) => {
    const number = view.getUint32(at, true);
    return number % 7 === 0 ? { number } : null;
  });
  fill(queue, 7000, 8);
  assert.equal(queue.take().length, 1000);
  assert.equal(queue.takeDropped(), 0);
});

Deno.test("RecordQueue decodes only the events that are left", () => {
  let decoded = 0;
  const queue = new RecordQueue({ bytes: 64 * 1024 * 1024, newest: 1000 }, (...record) => {
    decoded++;
    return makeRow(...record);
  });
  fill(queue, 100_000, 40);
  queue.take();
  assert.equal(decoded, 1000);
});
