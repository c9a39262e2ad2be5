import assert from "node:assert/strict";
import { callAfter, Clock, type Timers } from "./clock.ts";

/** Timers driven by the test. */
class FakeTimers implements Timers {
  time = 0;
  #next = 1;
  readonly #pending = new Map<number, { at: number; callback: () => void }>();

  now = (): number => this.time;
  set = (callback: () => void, delayMs: number): number => {
    this.#pending.set(this.#next, { at: this.time + delayMs, callback });
    return this.#next++;
  };
  clear = (id: number): void => void this.#pending.delete(id);
  get pending(): number {
    return this.#pending.size;
  }

  /** Advances time in one jump, as a stopped process sees it, and runs all due timers, including those they set. */
  jump(ms: number): void {
    this.time += ms;
    for (let ran = 0; ran < 20; ran++) {
      const due = [...this.#pending].find(([, { at }]) => at <= this.time);
      if (due === undefined) return;
      this.#pending.delete(due[0]);
      due[1].callback();
    }
    throw new Error("timers become due without end");
  }
}

Deno.test("Clock ticks once an interval and keeps its phase when ticks come late", () => {
  const timers = new FakeTimers();
  const ticks: number[] = [];
  new Clock(1, () => ticks.push(timers.time), timers).start();
  timers.jump(999);
  assert.deepEqual(ticks, []);
  timers.jump(11);
  timers.jump(990);
  assert.deepEqual(ticks, [1010, 2000]);
});

Deno.test("Clock ticks once, not five times, after a delay of five intervals", () => {
  const timers = new FakeTimers();
  let ticks = 0;
  new Clock(1, () => ticks++, timers).start();
  timers.jump(5500);
  assert.equal(ticks, 1);
  timers.jump(500);
  assert.equal(ticks, 2);
});

Deno.test("Clock.setInterval() starts the new interval now", () => {
  const timers = new FakeTimers();
  const ticks: number[] = [];
  const clock = new Clock(10, () => ticks.push(timers.time), timers);
  clock.start();
  timers.jump(300);
  clock.setInterval(0.5);
  timers.jump(500);
  assert.deepEqual(ticks, [800]);
  assert.equal(clock.intervalS, 0.5);
});

Deno.test("Clock.stop() leaves no timer behind, also when called from a tick", () => {
  const timers = new FakeTimers();
  const clock: Clock = new Clock(1, () => clock.stop(), timers);
  clock.start();
  timers.jump(1000);
  assert.equal(timers.pending, 0);
});

Deno.test("callAfter() waits longer than one timer can, and calls back once", () => {
  const timers = new FakeTimers();
  const days = 24 * 3600 * 1000;
  const delays: number[] = [];
  const counting: Timers = {
    ...timers,
    now: timers.now,
    set: (callback, delayMs) => {
      delays.push(delayMs);
      return timers.set(callback, delayMs);
    },
    clear: timers.clear,
  };
  let calls = 0;
  callAfter(60 * days, () => calls++, counting);
  for (let day = 0; day < 59; day++) timers.jump(days);
  assert.equal(calls, 0);
  timers.jump(days);
  timers.jump(100 * days);
  assert.equal(calls, 1);
  assert.ok(delays.every((delay) => delay < 2 ** 31), `${delays}`);
});

Deno.test("callAfter() does not call back once cancelled, even after its first timer", () => {
  const timers = new FakeTimers();
  const takeBack = callAfter(2 ** 32, () => assert.fail("it was taken back"), timers);
  timers.jump(2 ** 31);
  takeBack();
  assert.equal(timers.pending, 0);
});
