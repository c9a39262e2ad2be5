import assert from "node:assert/strict";
import { scaleEnd, scaleLabel, scaleParts } from "./scale.ts";

Deno.test("scaleEnd() is a round number: in powers of ten, of 1024, or 100 percent", () => {
  assert.deepEqual([0, 7, 11, 3200, 5001].map((value) => scaleEnd(value, "count")), [
    10,
    10,
    20,
    5000,
    10_000,
  ]);
  assert.deepEqual(
    [0, 1500, 3e6, 600 * 1024 ** 2].map((value) => scaleLabel(scaleEnd(value, "bytes"), "bytes")),
    [
      "1K",
      "2K",
      "5M",
      "1G",
    ],
  );
  assert.equal(scaleEnd(3, "pct"), 100);
});

Deno.test("scaleEnd() is never below the value", () => {
  for (let value = 1; value < 1e15; value *= 1.37) {
    for (const axis of ["count", "bytes"] as const) assert.ok(scaleEnd(value, axis) >= value, `${value}`);
  }
});

Deno.test("scaleParts() divides only if each label falls on a row", () => {
  assert.deepEqual([2, 5, 6, 7, 8, 10, 12, 16].map(scaleParts), [1, 1, 2, 1, 2, 2, 4, 4]);
});
