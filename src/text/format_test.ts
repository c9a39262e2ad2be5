import assert from "node:assert/strict";
import { counted, humanBytes, humanCount, humanDuration, humanMinutes } from "./format.ts";

Deno.test("humanCount() and humanBytes() step up before they grow wide", () => {
  assert.deepEqual([0, 999, 1000, 9949, 9960, 1.5e6, 9.99e20].map(humanCount), [
    "0",
    "999",
    "1k",
    "9.9k",
    "10k",
    "1.5M",
    "999E",
  ]);
  assert.deepEqual([0, 512, 1024, 1536, 1024 ** 3].map(humanBytes), ["0B", "512B", "1K", "1.5K", "1G"]);
});

Deno.test("humanDuration() shows the two largest units", () => {
  assert.deepEqual([0, 59.9, 60, 3723, 90_000].map(humanDuration), ["0s", "59s", "1m00s", "1h02m", "1d01h"]);
});

Deno.test("counted() uses the singular for one", () => {
  assert.deepEqual([0, 1, 2].map((count) => counted(count, "row")), ["0 rows", "1 row", "2 rows"]);
});

Deno.test("humanMinutes() leaves out the seconds", () => {
  assert.deepEqual([0, 59, 1800, 3599, 3600, 1053000].map(humanMinutes), [
    "0m",
    "0m",
    "30m",
    "59m",
    "1h00m",
    "12d04h",
  ]);
});
