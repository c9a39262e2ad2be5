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

Deno.test("LossReader.take() includes processes that were not followed", () => {
  const counting = (keys: bigint, runs: bigint): Attached => {
    const object = { global: (name: string) => () => name === "lost.keys" ? keys : 0n };
    return { object, skippedRuns: () => runs } as unknown as Attached;
  };
  const reader = new LossReader(counting(2n, 3n), counting(5n, 7n));
  assert.deepEqual(reader.take(), { events: 0, keys: 7, runs: 10 });
});
