import assert from "node:assert/strict";
import { flagsOf, type FlagValue } from "../model/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { type Measured, metricsOf } from "./tool_metrics.ts";

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

Deno.test("durations of events and the kernel's histograms become histograms", () => {
  const histograms = (name: string, set?: Readonly<Record<string, FlagValue>>) =>
    measured(name, set)!.histograms.map(({ name, help, firstUs }) => [name, help, firstUs]);
  assert.deepEqual(histograms("runqslower"), [[
    "ktop_runqslower_lat_seconds",
    "Time from being runnable to running.",
    2,
  ]]);
  assert.deepEqual(histograms("fsdist"), [[
    "ktop_fsdist_seconds",
    "How long reads, writes, opens and fsyncs of a file system take.",
    2,
  ]]);
  assert.deepEqual(histograms("runqlat", { milliseconds: true }), [[
    "ktop_runqlat_seconds",
    "How long threads wait for a CPU.",
    2000,
  ]]);
  assert.deepEqual(labels(measured("biolatency")), []);
  assert.deepEqual(labels(measured("biolatency", { disks: true })), ["device"]);
  assert.deepEqual(labels(measured("runqlat", { "per-process": true })), ["container"]);
});

Deno.test("tools of stacks, and those whose counts contain each other, have no metrics", () => {
  for (const name of ["profile", "offcputime", "readpath", "vfscount", "dirtop"]) {
    assert.equal(measured(name), null, name);
  }
});

Deno.test("names and helps of all metrics suit Prometheus", () => {
  for (const { name } of TOOLS) {
    const { counters = [], histograms = [] } = measured(name) ?? {};
    const all = [...counters, ...histograms.map((one) => ({ ...one, unit: "seconds" }))];
    for (const { name: metric, unit, help } of all) {
      assert.match(metric, /^ktop(?:_[a-z0-9]+)+$/);
      assert.ok(unit === undefined || metric.endsWith(`_${unit}`), metric);
      assert.doesNotMatch(metric, /_(?:us|ms|s|kb|mb|count|sum|bucket|total|info)$/);
      assert.doesNotMatch(help, /interval|microsec|millisec|unknown without/i, metric);
    }
  }
});
