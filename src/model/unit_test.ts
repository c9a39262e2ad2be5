import assert from "node:assert/strict";
import { type Unit, UNITS } from "./unit.ts";

const units = Object.keys(UNITS) as Unit[];

Deno.test("UNITS scales bytes as bytes, shares as shares, and everything else as counts", () => {
  assert.deepEqual((["kb", "bytes", "pct", "count", "us"] as const).map((unit) => UNITS[unit].axis), [
    "bytes",
    "bytes",
    "pct",
    "count",
    "count",
  ]);
});

Deno.test("UNITS exports base units: seconds, bytes, ratios; identities and text are not metrics", () => {
  const exported = (unit: Unit, value: number): [string, number] | null => {
    const { metric } = UNITS[unit];
    return metric && [metric.base, value / metric.perBase];
  };
  assert.deepEqual(exported("us", 1500), ["seconds", 0.0015]);
  assert.deepEqual(exported("ms", 250), ["seconds", 0.25]);
  assert.deepEqual(exported("s", 2.5), ["seconds", 2.5]);
  assert.deepEqual(exported("kb", 4096), ["bytes", 4096]);
  assert.deepEqual(exported("pct", 99.5), ["ratio", 0.995]);
  assert.deepEqual(exported("count", 7), ["", 7]);
  assert.deepEqual(units.filter((unit) => UNITS[unit].metric === null), ["id", "time", "text"]);
});

Deno.test("UNITS measures, graphs and exports the same units: those of numbers", () => {
  for (const unit of units) {
    const { kind, graph, metric } = UNITS[unit];
    assert.equal(graph !== "none", kind === "number", unit);
    assert.equal(metric !== null, kind === "number", unit);
  }
});

Deno.test("UNITS converts a typed amount into the unit that rows hold", () => {
  assert.equal(UNITS.us.suffixes.ms, 1000);
  assert.equal(UNITS.ms.suffixes.us, 0.001);
  assert.equal(UNITS.kb.suffixes.m, 2 ** 20);
  for (const unit of units) {
    const bare = UNITS[unit].suffixes[""];
    assert.ok(bare === undefined || Math.abs(bare - 1) < 1e-12, unit);
  }
});
