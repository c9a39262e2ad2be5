import assert from "node:assert/strict";
import type { StreamedTick } from "../model/mod.ts";
import type { MetricFamily } from "../output/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { metricsOf } from "./tool_metrics.ts";
import { ToolTotals } from "./tool_totals.ts";

function totalsOf(name: string, flags: Readonly<Record<string, boolean>> = {}): ToolTotals {
  const tool = TOOLS.find((one) => one.name === name)!;
  return new ToolTotals(metricsOf(tool, { filters: { self: false }, flags })!, 100);
}

const TICK: StreamedTick = {
  tool: "",
  time: 0,
  intervalS: 1,
  tier: "tracepoint",
  lost: { events: 2, keys: 3, runs: 5 },
  droppedRows: 7,
  rows: [],
};

/** Of the only histogram: for each series labels, buckets with a value, sum and count. */
function histogramsOf(families: readonly MetricFamily[]): unknown[] {
  const family = families.find(({ kind }) => kind === "histogram")!;
  assert.ok(family.kind === "histogram");
  return family.series.map(({ labels, buckets, sum, count }) => {
    const own = buckets.map(([bound, upTo], i) => [bound, upTo - (buckets[i - 1]?.[1] ?? 0)] as const);
    return [labels.map(([, value]) => value).join(), own.filter(([, number]) => number > 0), sum, count];
  });
}

Deno.test("the totals of a tool add up its rows and losses", () => {
  const totals = totalsOf("biotop");
  const row = { disk: "vda", type: "W", container: null };
  totals.add({ ...TICK, rows: [{ ...row, ios: 11, bytes: 13 }, { ...row, ios: 17, bytes: null }] });
  totals.add({ ...TICK, rows: [{ ...row, disk: "vdb", ios: 19, bytes: 23 }] });
  assert.deepEqual(totals.lost, { events: 18, keys: 6, runs: 10 });
  const [ios] = totals.families();
  assert.ok(ios?.kind === "counter");
  assert.deepEqual(ios.series.map(({ labels, value }) => [labels.map(([, value]) => value), value]), [
    [["W", "vda", "unknown"], 28],
    [["W", "vdb", "unknown"], 19],
    [["other", "other", "other"], 0],
  ]);
});

Deno.test("durations of events are counted in buckets that include their bound", () => {
  const totals = totalsOf("runqslower");
  const row = { container: "a", lat_us: 0 };
  const values = [0, 0.5, 2, 2.001, 4, 5, 8, 1_000_000, 2 ** 31, 2 ** 31 + 1, 2 ** 40, null];
  totals.add({ ...TICK, rows: values.map((lat_us) => ({ ...row, lat_us })) });
  const numbers = values.filter((value) => value !== null);
  assert.deepEqual(histogramsOf(totals.families()), [
    [
      "a",
      [[2 / 1e6, 3], [4 / 1e6, 2], [8 / 1e6, 2], [2 ** 20 / 1e6, 1], [2 ** 31 / 1e6, 1]],
      numbers.reduce((sum, value) => sum + value, 0) / 1e6,
      11,
    ],
    ["other", [], 0, 0],
  ]);
});

Deno.test("the kernel's slots become buckets, with the kernel's sum", () => {
  const totals = totalsOf("fsdist");
  const slots = Array.from({ length: 32 }, (_, i) => i % 3);
  const distribution = { labels: { operation: "read" }, slots, sumUs: 1009.5 };
  totals.add({ ...TICK, distributions: [distribution, { ...distribution, labels: { operation: "open" } }] });
  totals.add({ ...TICK, distributions: [distribution] });
  const buckets = (times: number) =>
    slots.slice(0, 31).flatMap((count, i) => count === 0 ? [] : [[2 ** (i + 1) / 1e6, times * count]]);
  assert.deepEqual(histogramsOf(totals.families()), [
    ["read", buckets(2), 0.002019, 62],
    ["open", buckets(1), 0.0010095, 31],
    ["other", [], 0, 0],
  ]);
});
