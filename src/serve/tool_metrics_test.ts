import assert from "node:assert/strict";
import { flagsOf, type FlagValue } from "../model/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { type Measured, metricsOf } from "./tool_metrics.ts";
import { ToolTotals } from "./tool_totals.ts";

function measured(name: string, set: Readonly<Record<string, FlagValue>> = {}): Measured | null {
  const tool = TOOLS.find((one) => one.name === name)!;
  const defaults = flagsOf(tool).flatMap(({ name, default: value }) =>
    value === undefined ? [] : [[name, value]]
  );
  return metricsOf(tool, { filters: { self: false }, flags: { ...Object.fromEntries(defaults), ...set } });
}

const names = (metrics: Measured | null): string[] => metrics!.counters.map(({ name }) => name);
const labels = (metrics: Measured | null): string[] => metrics!.labels.map(({ label }) => label);

Deno.test("metrics are the columns that add up, in base units", () => {
  const filetop = measured("filetop");
  assert.deepEqual(names(filetop), [
    "ktop_filetop_reads",
    "ktop_filetop_writes",
    "ktop_filetop_read_bytes",
    "ktop_filetop_write_bytes",
  ]);
  assert.deepEqual(labels(filetop), ["container"]);
  assert.deepEqual(names(measured("biosnoop")), ["ktop_biosnoop_events", "ktop_biosnoop_bytes"]);
  assert.deepEqual(labels(measured("biosnoop")), ["device", "operation", "container"]);
});

Deno.test("columns that are unknown with the options are no metric", () => {
  assert.deepEqual(names(measured("syscount")), ["ktop_syscount_calls", "ktop_syscount_errors"]);
  const timed = measured("syscount", { latency: true });
  assert.equal(names(timed).at(-1), "ktop_syscount_time_seconds");
  assert.equal(timed!.counters.at(-1)!.perBase, 1e6);
});

Deno.test("tools of stacks, and those whose counts contain each other, have no metrics", () => {
  for (const name of ["profile", "offcputime", "readpath", "vfscount", "dirtop"]) {
    assert.equal(measured(name), null, name);
  }
});

Deno.test("names and helps of all metrics suit Prometheus", () => {
  for (const { name } of TOOLS) {
    for (const { name: metric, unit, help } of measured(name)?.counters ?? []) {
      assert.match(metric, /^ktop(?:_[a-z0-9]+)+$/);
      assert.ok(unit === undefined || metric.endsWith(`_${unit}`), metric);
      assert.doesNotMatch(metric, /_(?:us|ms|s|kb|mb|count|sum|bucket|total|info)$/);
      assert.doesNotMatch(help, /interval/, metric);
    }
  }
});

Deno.test("the totals of a tool add up its rows and losses", () => {
  const totals = new ToolTotals(measured("biotop")!, 100);
  const tick = {
    tool: "biotop",
    time: 0,
    intervalS: 1,
    tier: "tracepoint",
    lost: { events: 2, keys: 3, runs: 5 },
    droppedRows: 7,
  };
  const row = { disk: "vda", type: "W", container: null };
  totals.add({ ...tick, rows: [{ ...row, ios: 11, bytes: 13 }, { ...row, ios: 17, bytes: null }] });
  totals.add({ ...tick, rows: [{ ...row, disk: "vdb", ios: 19, bytes: 23 }] });
  assert.deepEqual(totals.lost, { events: 18, keys: 6, runs: 10 });
  const [ios] = totals.families();
  assert.deepEqual(ios!.series.map(({ labels, value }) => [labels.map(([, value]) => value), value]), [
    [["W", "vda", "unknown"], 28],
    [["W", "vdb", "unknown"], 19],
    [["other", "other", "other"], 0],
  ]);
});
