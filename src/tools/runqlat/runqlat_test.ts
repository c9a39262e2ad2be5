import assert from "node:assert/strict";
import { NOBODY } from "../lib/who.ts";
import { runqlat, type Sample } from "./mod.ts";
import type { ToolOptions } from "../tool.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });
const total = (...slots: bigint[]): Sample => ({
  slots,
  sumNs: slots.reduce((sum, count) => sum + 2500n * count, 0n),
  processes: [],
});

Deno.test("runqlat derives the waits of the interval, and nothing from the first sample", () => {
  assert.deepEqual(runqlat.derive(total(4n, 7n, 9n), null, options()), { rows: [] });
  assert.deepEqual(runqlat.derive(total(4n, 10n, 14n), total(4n, 7n, 9n), options()), {
    rows: [
      { pid: null, comm: null, ...NOBODY, low_us: 2, high_us: 3, count: 3 },
      { pid: null, comm: null, ...NOBODY, low_us: 4, high_us: null, count: 5 },
    ],
    histograms: [{ label: "run queue delay", unit: "us", slots: [0, 3, 5] }],
    distributions: [{ labels: {}, slots: [0, 3, 5], sumUs: 20 }],
  });
});

Deno.test("runqlat -P has a histogram for each process, most waits first", () => {
  const sample: Sample = {
    slots: [],
    sumNs: 0n,
    processes: [
      { pid: 3, comm: "a", who: NOBODY, slots: [1, 0, 0], sumNs: 700 },
      { pid: 20, comm: "b", who: NOBODY, slots: [0, 2, 0], sumNs: 5900 },
    ],
  };
  assert.deepEqual(runqlat.derive(sample, null, options({ "per-process": true })), {
    rows: [
      { pid: 20, comm: "b", ...NOBODY, low_us: 2, high_us: 3, count: 2 },
      { pid: 3, comm: "a", ...NOBODY, low_us: 0, high_us: 1, count: 1 },
    ],
    histograms: [
      { label: "pid 20 b", unit: "us", slots: [0, 2, 0] },
      { label: "pid 3 a", unit: "us", slots: [1, 0, 0] },
    ],
    distributions: [
      { labels: NOBODY, slots: [0, 2, 0], sumUs: 5.9 },
      { labels: NOBODY, slots: [1, 0, 0], sumUs: 0.7 },
    ],
  });
});

Deno.test("runqlat -m counts in milliseconds, with the rows in microseconds", () => {
  const derived = runqlat.derive(total(0n, 1n, 0n), total(0n, 0n, 0n), options({ milliseconds: true }));
  assert.equal(derived.histograms![0]!.unit, "ms");
  assert.deepEqual(derived.rows, [{
    pid: null,
    comm: null,
    ...NOBODY,
    low_us: 2000,
    high_us: 3999,
    count: 1,
  }]);
});
