import assert from "node:assert/strict";
import type { Timers } from "./clock.ts";
import type { Backlog } from "../tools/mod.ts";
import { mostUrgent, Poller } from "./poller.ts";

/** Holds the single timer of a poller until the test runs it. */
class OneTimer implements Timers {
  delays: number[] = [];
  cleared: number[] = [];
  callback: (() => void) | null = null;
  now = (): number => 0;
  set = (callback: () => void, delayMs: number): number => {
    this.delays.push(delayMs);
    this.callback = callback;
    return this.delays.length;
  };
  clear = (id: number): void => {
    this.cleared.push(id);
    this.callback = null;
  };
}

/** Rings cannot be waited for. */
const NEVER = (): null => null;

Deno.test("Poller polls often while a ring is filling, and rarely otherwise", () => {
  const timers = new OneTimer();
  const answers: Backlog[] = ["quiet", "filling", "filling", "quiet", "quiet", "quiet", "quiet"];
  new Poller(() => answers.shift()!, timers, NEVER).start();
  for (let i = 0; i < 7; i++) timers.callback!();
  const [first, quiet, busy, still, ...calming] = timers.delays;
  assert.ok(busy! < quiet! / 10);
  assert.deepEqual([first, still], [quiet, busy]);
  // A flood fills a ring in less than the quiet delay: the way back to it has steps.
  assert.deepEqual(calming, [2 * busy!, 4 * busy!, 8 * busy!, quiet]);
});

Deno.test("Poller.postpone() waits for the whole delay again while rings stay nearly empty, and not while one fills", () => {
  const timers = new OneTimer();
  const answers: Backlog[] = ["quiet", "filling", "quiet"];
  const poller = new Poller(() => answers.shift()!, timers, NEVER);
  poller.postpone();
  assert.equal(timers.callback, null);
  poller.start();
  poller.postpone();
  assert.deepEqual(timers.cleared, [1]);
  timers.callback!();
  const [quiet] = timers.delays;
  assert.deepEqual(timers.delays, [quiet, quiet, quiet]);
  timers.callback!();
  const armed = timers.callback;
  poller.postpone();
  assert.equal(timers.callback, armed);
  poller.stop();
  poller.postpone();
  assert.equal(timers.callback, null);
  poller.start();
  poller.stop();
  poller.postpone();
  assert.equal(timers.callback, null);
});

Deno.test("Poller.stop() leaves no timer behind", () => {
  const timers = new OneTimer();
  const poller = new Poller(() => "quiet", timers, NEVER);
  poller.start();
  poller.stop();
  assert.equal(timers.callback, null);
});

Deno.test("Poller yields to the event loop, and then goes on at once, when a poll left records", () => {
  const timers = new OneTimer();
  const answers: Backlog[] = ["more", "more", "quiet", "quiet"];
  new Poller(() => answers.shift()!, timers, NEVER).start();
  for (let i = 0; i < 4; i++) timers.callback!();
  const [quiet, first, second, ...calming] = timers.delays;
  assert.deepEqual([first, second], [0, 0]);
  assert.ok(calming[0]! > 0 && calming[0]! < quiet!);
});

Deno.test("mostUrgent() prefers what was left to what was filling", () => {
  assert.equal(mostUrgent(["quiet", "filling", "more", "quiet"]), "more");
  assert.equal(mostUrgent(["quiet", "filling"]), "filling");
  assert.equal(mostUrgent(["empty", "quiet"]), "quiet");
  assert.equal(mostUrgent(["empty"]), "empty");
  assert.equal(mostUrgent([]), "empty");
});

/** An arrival that the test resolves. */
function pendingArrival() {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  let cancelled = 0;
  return { arrived, arrive, cancel: () => void cancelled++, cancelled: () => cancelled };
}

Deno.test("Poller waits without a timer while no ring fills, and polls at once when one does", async () => {
  const timers = new OneTimer();
  const arrival = pendingArrival();
  const answers: Backlog[] = ["filling", "quiet", "empty", "quiet", "empty", "quiet", "filling", "empty"];
  let waits = 0;
  const poller = new Poller(() => answers.shift()!, timers, () => (waits++, arrival));
  poller.start();
  // Records may come in bursts: the delays grow first.
  for (let i = 0; i < 5; i++) timers.callback!();
  assert.equal(waits, 0);
  const [quiet, busy] = timers.delays;
  assert.deepEqual(timers.delays.slice(-1), [quiet]);
  timers.callback!();
  assert.equal(waits, 1);
  const armed = timers.delays.length;
  poller.postpone();
  assert.equal(timers.delays.length, armed);
  arrival.arrive();
  await arrival.arrived;
  assert.deepEqual(timers.delays.slice(armed), [0]);
  timers.callback!();
  assert.deepEqual(timers.delays.slice(armed), [0, busy]);
  assert.equal(waits, 1);
  assert.equal(arrival.cancelled(), 0);
  assert.deepEqual(answers, ["empty"]);
});

Deno.test("Poller.stop() cancels the wait for a record, after which no timer is set", async () => {
  const timers = new OneTimer();
  const arrival = pendingArrival();
  const poller = new Poller(() => "empty", timers, () => arrival);
  poller.start();
  timers.callback!();
  poller.stop();
  assert.equal(arrival.cancelled(), 1);
  const armed = timers.delays.length;
  arrival.arrive();
  await arrival.arrived;
  assert.equal(timers.delays.length, armed);
  poller.stop();
  assert.equal(arrival.cancelled(), 1);
});

Deno.test("Poller polls empty rings after the quiet delay where they cannot be waited for", () => {
  const timers = new OneTimer();
  new Poller(() => "empty", timers, () => null).start();
  timers.callback!();
  const [quiet] = timers.delays;
  assert.deepEqual(timers.delays, [quiet, quiet]);
});
