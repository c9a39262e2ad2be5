import assert from "node:assert/strict";
import { slotRows, timeUnit } from "./histograms.ts";

Deno.test("slotRows() returns one row for each slot with a count, with its bounds in microseconds", () => {
  assert.deepEqual(slotRows({ disk: "vda" }, [3, 0, 5, 0], 1), [
    { disk: "vda", low_us: 0, high_us: 1, count: 3 },
    { disk: "vda", low_us: 4, high_us: 7, count: 5 },
  ]);
  assert.deepEqual(slotRows({}, [0, 7, 0], 1000), [{ low_us: 2000, high_us: 3999, count: 7 }]);
});

Deno.test("slotRows() returns no upper bound for the last slot", () => {
  assert.deepEqual(slotRows({}, [0, 0, 2], 1), [{ low_us: 4, high_us: null, count: 2 }]);
});

Deno.test("timeUnit() is milliseconds with -m", () => {
  assert.deepEqual(timeUnit({ filters: { self: false }, flags: {} }), { unit: "us", ns: 1000n, us: 1 });
  assert.deepEqual(timeUnit({ filters: { self: false }, flags: { milliseconds: true } }), {
    unit: "ms",
    ns: 1_000_000n,
    us: 1000,
  });
});
