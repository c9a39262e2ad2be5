import assert from "node:assert/strict";
import { KtopError } from "../errors.ts";
import { TOOLS } from "../tools/mod.ts";
import { limitsOf } from "./memory.ts";
import type { Runner } from "./runner.ts";
import { Slot } from "./slot.ts";

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
  const slot = new Slot({
    tool: TOOLS.find(({ name }) => name === "vfsstat")!,
    options: { filters: { self: false }, flags: {} },
  }, limitsOf({ maxMemory: 128 }, 1));
  slot.runner = runner as unknown as Runner;
  slot.state = { kind: "running", tier: "fentry", missing: [] };
  return { slot, closed: () => closed };
}

Deno.test("Slot.poll() detaches a tool whose ring cannot be read, and keeps the reason", () => {
  const { slot, closed } = failing("poll", new KtopError("The ring is gone.", { remedy: "Start again." }));
  assert.equal(slot.poll(Infinity), "quiet");
  assert.deepEqual(slot.state, {
    kind: "unavailable",
    reason: "The ring is gone.",
    remedy: "Start again.",
  });
  assert.equal(closed(), 1);
  assert.equal(slot.poll(Infinity), "quiet"); // the closed runner is not polled
});

Deno.test("Slot.advance() detaches a tool that cannot be sampled, and keeps the error", () => {
  const error = new TypeError("no such map");
  const { slot, closed } = failing("tick", error);
  assert.equal(slot.poll(Infinity), "filling");
  slot.advance();
  assert.deepEqual(slot.state, { kind: "unavailable", reason: "no such map", remedy: "" });
  assert.deepEqual([slot.failure, slot.tick, closed()], [error, null, 1]);
});
