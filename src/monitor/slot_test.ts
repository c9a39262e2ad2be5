import assert from "node:assert/strict";
import { KtopError } from "../errors.ts";
import type { Tick } from "../model/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { turns, yieldToEventLoop } from "./clock.ts";
import { limitsOf } from "./memory.ts";
import type { Runner } from "./runner.ts";
import { advanceInTurns, Slot } from "./slot.ts";

/** A running slot of vfsstat with a fake runner. */
function runningSlot(runner: object): Slot {
  const slot = new Slot({
    tool: TOOLS.find(({ name }) => name === "vfsstat")!,
    options: { filters: { self: false }, flags: {} },
  }, limitsOf({ maxMemory: 128 }, 1));
  slot.runner = { missing: [], ...runner } as unknown as Runner;
  slot.state = { kind: "running", tier: "fentry", missing: [] };
  return slot;
}

/** A running slot whose runner throws in this method, and how often the runner was closed. */
function failing(what: "poll" | "tick", error: unknown): { slot: Slot; closed: () => number } {
  let closed = 0;
  const fail = (): never => {
    throw error;
  };
  const runner = {
    tier: "fentry",
    missing: [],
    poll: () => "filling",
    close: () => void closed++,
    [what]: fail,
  };
  return { slot: runningSlot(runner), closed: () => closed };
}

Deno.test("Slot.poll() detaches a tool whose ring cannot be read, and keeps the reason", () => {
  const { slot, closed } = failing("poll", new KtopError("The ring is gone.", { remedy: "Start again." }));
  assert.equal(slot.poll(Infinity), "empty");
  assert.deepEqual(slot.state, {
    kind: "unavailable",
    reason: "The ring is gone.",
    remedy: "Start again.",
  });
  assert.equal(closed(), 1);
  assert.equal(slot.poll(Infinity), "empty"); // the closed runner is not polled
});

Deno.test("Slot.advance() drops what is no longer missing", () => {
  const lost = { events: 0, keys: 0, runs: 0 };
  const tick = { tool: "vfsstat", time: 0, intervalS: 1, tier: "fentry", rows: [], lost };
  const slot = runningSlot({ missing: ["a container"], tick: () => tick });
  slot.advance();
  assert.deepEqual(slot.state, { kind: "running", tier: "fentry", missing: ["a container"] });
  slot.runner = { missing: [], tick: () => tick } as unknown as Runner;
  slot.advance();
  assert.deepEqual(slot.state, { kind: "running", tier: "fentry", missing: [] });
});

Deno.test("Slot.advance() detaches a tool that cannot be sampled, and keeps the error", () => {
  const error = new TypeError("no such map");
  const { slot, closed } = failing("tick", error);
  assert.equal(slot.poll(Infinity), "filling");
  slot.advance();
  assert.deepEqual(slot.state, { kind: "unavailable", reason: "no such map", remedy: "" });
  assert.deepEqual([slot.failure, slot.tick, closed()], [error, null, 1]);
});

/** Slots that log their ticks. During each, input arrives; it is logged, and calls the slot's entry of `input`. */
function loggingSlots(
  names: readonly string[],
): { slots: Slot[]; log: string[]; input: Map<string, () => void> } {
  const log: string[] = [];
  const input = new Map<string, () => void>();
  const slots = names.map((name) =>
    runningSlot({
      close: () => {},
      tick: (): Tick => {
        log.push(name);
        setTimeout(() => {
          log.push("input");
          input.get(name)?.();
        });
        const lost = { events: 0, keys: 0, runs: 0 };
        return { tool: "vfsstat", time: 0, intervalS: 1, tier: "fentry", rows: [], lost };
      },
    })
  );
  return { slots, log, input };
}

Deno.test("turns() yields to the event loop only after long work", async () => {
  let now = 0;
  const endTurn = turns(() => now);
  let yields = 0;
  const handle = async (ms: number): Promise<void> => {
    now += ms;
    let handled = false;
    const timer = setTimeout(() => handled = true);
    await endTurn();
    clearTimeout(timer);
    if (handled) yields++;
  };
  await handle(2);
  await handle(1);
  assert.equal(yields, 0);
  await handle(2);
  assert.equal(yields, 1);
  await handle(3);
  assert.equal(yields, 1);
});

Deno.test("advanceInTurns() handles input that arrives during a slot before the next slot, and before it resolves", async () => {
  const { slots, log } = loggingSlots(["a", "b", "c"]);
  const advanced = advanceInTurns(slots, yieldToEventLoop);
  assert.deepEqual(log, ["a"]);
  await advanced;
  assert.deepEqual(log, ["a", "input", "b", "input", "c", "input"]);
  assert.deepEqual(slots.map(({ tick }) => tick?.time), [0, 0, 0]);
});

Deno.test("advanceInTurns() skips slots that input invalidates, re-opens, closes or fails", async () => {
  const { slots, log, input } = loggingSlots(["a", "invalidated", "reopened", "failed", "closed", "b"]);
  const [, invalidated, reopened, failed, closed] = slots;
  input.set("a", () => {
    invalidated!.invalidate();
    reopened!.runner = { tick: () => assert.fail("its interval has only started") } as unknown as Runner;
    failed!.fail(new Error("lost"));
    closed!.close();
  });
  await advanceInTurns(slots, yieldToEventLoop);
  assert.deepEqual(log, ["a", "input", "b", "input"]);
  assert.deepEqual(slots.map(({ tick }) => tick !== null), [true, false, false, false, false, true]);
});

Deno.test("Slot.continue() keeps a bounded number of past flags, as Slot.setFlags() does", () => {
  const slot = runningSlot({ close: () => {} });
  for (let i = 0; i <= 250; i++) {
    const past = { ...slot.past(), flags: { rows: i } };
    if (i % 2 === 0) slot.continue(past);
    else slot.setFlags({ rows: i });
  }
  assert.equal(slot.pastFlags.length, 100);
  assert.deepEqual(slot.pastFlags.at(-1)?.flags, { rows: 250 });
});
