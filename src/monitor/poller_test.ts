import assert from "node:assert/strict";
import type { Timers } from "./clock.ts";
import { Poller } from "./poller.ts";

/** Holds the single timer of a poller until the test runs it. */
class OneTimer implements Timers {
  delays: number[] = [];
  callback: (() => void) | null = null;
  now = (): number => 0;
  set = (callback: () => void, delayMs: number): number => {
    this.delays.push(delayMs);
    this.callback = callback;
    return this.delays.length;
  };
  clear = (): void => void (this.callback = null);
}

Deno.test("Poller polls often while a ring is filling, and rarely otherwise", () => {
  const timers = new OneTimer();
  const answers = [false, true, true, false, false, false, false];
  new Poller(() => answers.shift()!, timers).start();
  for (let i = 0; i < 7; i++) timers.callback!();
  const [first, quiet, busy, still, ...calming] = timers.delays;
  assert.ok(busy! < quiet! / 10);
  assert.deepEqual([first, still], [quiet, busy]);
  // A flood fills a ring in less than the quiet delay: the way back to it has steps.
  assert.deepEqual(calming, [2 * busy!, 4 * busy!, 8 * busy!, quiet]);
});

Deno.test("Poller.stop() leaves no timer behind", () => {
  const timers = new OneTimer();
  const poller = new Poller(() => false, timers);
  poller.start();
  poller.stop();
  assert.equal(timers.callback, null);
});
