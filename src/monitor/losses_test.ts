import assert from "node:assert/strict";
import type { Attached } from "../bpf/mod.ts";
import { LossReader } from "./losses.ts";

Deno.test("LossReader.take() returns the losses since the last call", () => {
  const counters: Record<string, bigint> = { "lost.events": 5n, "lost.keys": 2n };
  const object = { global: (name: string) => () => counters[name]! };
  let skipped = 40n;
  const reader = new LossReader({ object, skippedRuns: () => skipped } as unknown as Attached);
  assert.deepEqual(reader.take(), { events: 5, keys: 2, runs: 40 });
  counters["lost.events"] = 6n;
  skipped = 43n;
  assert.deepEqual(reader.take(), { events: 1, keys: 0, runs: 3 });
});
