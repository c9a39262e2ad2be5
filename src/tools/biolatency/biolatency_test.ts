import assert from "node:assert/strict";
import { BiolatencyHist } from "./layout.gen.ts";
import { biolatency, type Sample } from "./mod.ts";
import type { ToolOptions } from "../tool.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });

/** Counts by slot, the rest of the slots empty. */
function slots<T extends number | bigint>(zero: T, counts: Readonly<Record<number, T>>): T[] {
  return Array.from({ length: BiolatencyHist.layout.members.slots.length }, (_, i) => counts[i] ?? zero);
}

const entry = (
  counts: Readonly<Record<number, bigint>>,
  rest: { disk?: string; flags?: string; sumNs?: bigint } = {},
) => ({ disk: null, flags: null, sumNs: 0n, ...rest, slots: slots(0n, counts) });

const NOTHING: Sample = new Map();

Deno.test("biolatency derives the requests of the interval, and nothing from the first sample", () => {
  const before: Sample = new Map([["0 0", entry({ 3: 5n }, { sumNs: 300n })]]);
  const now: Sample = new Map([["0 0", entry({ 3: 9n, 4: 2n }, { sumNs: 14_000n })]]);
  assert.deepEqual(biolatency.derive(now, null, options()), { rows: [] });
  assert.deepEqual(biolatency.derive(now, before, options()), {
    rows: [
      { disk: null, flags: null, low_us: 8, high_us: 15, count: 4 },
      { disk: null, flags: null, low_us: 16, high_us: 31, count: 2 },
    ],
    histograms: [{ label: "block I/O latency", unit: "us", slots: slots(0, { 3: 4, 4: 2 }) }],
    distributions: [{ labels: { disk: null }, slots: slots(0, { 3: 4, 4: 2 }), sumUs: 13.7 }],
  });
});

Deno.test("biolatency has one empty histogram without requests, and none for idle disks", () => {
  const empty = { label: "block I/O latency", unit: "us", slots: slots(0, {}) };
  assert.deepEqual(biolatency.derive(NOTHING, NOTHING, options()), {
    rows: [],
    histograms: [empty],
    distributions: [{ labels: { disk: null }, slots: slots(0, {}), sumUs: 0 }],
  });
  const idle: Sample = new Map([["8 0", entry({ 3: 5n }, { disk: "sda" })]]);
  assert.deepEqual(biolatency.derive(idle, idle, options({ disks: true })), {
    rows: [],
    histograms: [],
    distributions: [],
  });
});

Deno.test("biolatency adds up keys with the same label, and sorts histograms by label", () => {
  const now: Sample = new Map([
    ["8 1", entry({ 2: 3n }, { disk: "vda", flags: "Write" })],
    ["8 257", entry({ 2: 4n }, { disk: "vda", flags: "Write" })],
    ["7 0", entry({ 5: 1n }, { disk: "loop0", flags: "Read" })],
  ]);
  const { rows, histograms } = biolatency.derive(now, NOTHING, options({ disks: true, flags: true }));
  assert.deepEqual(histograms!.map(({ label }) => label), [
    "disk loop0 flags Read",
    "disk vda flags Write",
  ]);
  assert.deepEqual(rows[1], { disk: "vda", flags: "Write", low_us: 4, high_us: 7, count: 7 });
});

Deno.test("biolatency -e has the sum in the histogram's unit", () => {
  const now: Sample = new Map([["0 0", entry({ 1: 2n }, { sumNs: 5_500_000n })]]);
  const sum = (flags: ToolOptions["flags"]) =>
    biolatency.derive(now, NOTHING, options(flags)).histograms![0]!.sum;
  assert.equal(sum({}), undefined);
  assert.equal(sum({ extension: true }), 5500);
  assert.equal(sum({ extension: true, milliseconds: true }), 5.5);
  const before: Sample = new Map([["0 0", entry({ 1: 1n }, { sumNs: 1_500_000n })]]);
  assert.equal(biolatency.derive(now, before, options({ extension: true })).histograms![0]!.sum, 4000);
});
