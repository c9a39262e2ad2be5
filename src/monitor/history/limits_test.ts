import assert from "node:assert/strict";
import { appended, HISTORY_LIMITS, lastNotAfter, ticksToDrop } from "./limits.ts";

const toDrop = (times: readonly number[], newest: number): number =>
  ticksToDrop(times.length, (i) => times[i] as number, newest);

/** The ticks that remain after adding `count` of them, `stepMs` apart. */
function left(count: number, stepMs: number): number[] {
  let times: number[] = [];
  for (let i = 0; i < count; i++) {
    const newest = 1e12 + i * stepMs;
    times = appended(times, newest, toDrop(times, newest));
  }
  return times;
}

Deno.test("ticksToDrop() keeps ten minutes at 1 s and at 0.5 s", () => {
  for (const step of [1000, 500]) {
    const times = left(3000, step);
    const span = (times.at(-1) as number) - (times[0] as number);
    assert.ok(span >= HISTORY_LIMITS.ageMs - step && span <= HISTORY_LIMITS.ageMs, `${step}: ${span}`);
  }
});

Deno.test("ticksToDrop() keeps 1200 ticks when the interval is shorter, 600 when it is longer", () => {
  assert.equal(left(5000, 100).length, 1200);
  assert.equal(left(1000, 60_000).length, 600);
  assert.equal(left(1000, 3_600_000).length, 600);
});

Deno.test("ticksToDrop() drops everything when the clock was set back", () => {
  assert.equal(toDrop([10, 20, 30], 5), 3);
  assert.equal(toDrop([], 10), 0);
  assert.equal(toDrop([10], 10), 0);
});

Deno.test("lastNotAfter() finds the last entry at or before a time", () => {
  const times = [10, 20, 30].map((time) => ({ time }));
  assert.deepEqual([9, 10, 19, 20, 99].map((at) => lastNotAfter(times, at)), [-1, 0, 0, 1, 2]);
  assert.equal(lastNotAfter([], 5), -1);
});
