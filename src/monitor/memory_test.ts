import assert from "node:assert/strict";
import { TOOLS } from "../tools/mod.ts";
import { limitsOf, MAX_MEMORY } from "./memory.ts";

const MIB = 1024 * 1024;

Deno.test("limitsOf() shares the limit among the tools, history and events together", () => {
  for (const maxMemory of [MAX_MEMORY.min, MAX_MEMORY.default, 4096]) {
    for (const tools of [1, 4, 9, TOOLS.length]) {
      for (const shownEventsOnly of [false, true]) {
        const { history, queue } = limitsOf({ maxMemory, shownEventsOnly }, tools);
        const kept = history.ticks + history.events + queue.bytes;
        assert.ok(tools * kept <= maxMemory * MIB);
        assert.ok(Math.min(history.ticks, history.events, queue.bytes) >= 64 * 1024);
      }
    }
  }
});

Deno.test("limitsOf() keeps the newest events for a screen, and all that fit for other readers", () => {
  assert.equal(limitsOf({ maxMemory: 128, shownEventsOnly: true }, 4).queue.newest, 1000);
  assert.equal(limitsOf({ maxMemory: 128 }, 4).queue.newest, undefined);
  assert.ok(limitsOf({ maxMemory: 256 }, 4).queue.bytes > limitsOf({ maxMemory: 128 }, 4).queue.bytes);
});

Deno.test("limitsOf() leaves the rings of a screen as they are, and lets others take an eighth of the tool's share", () => {
  assert.equal(limitsOf({ maxMemory: 128, shownEventsOnly: true }, 4).ringBytes, 0);
  assert.equal(limitsOf({ maxMemory: 128 }, 4).ringBytes, 4 * MIB);
  assert.equal(limitsOf({ maxMemory: 128, streamed: true }, 1).ringBytes, 16 * MIB);
});
