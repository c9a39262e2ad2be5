import assert from "node:assert/strict";
import { fsdist, fsdistAliases, type Sample } from "./mod.ts";

/** Slots by kind: read, write, open, fsync; each operation took 2500 ns. */
const sample = (...kinds: (readonly number[])[]): Sample =>
  kinds.map((slots) => ({
    slots: slots.map(BigInt),
    sum_ns: slots.reduce((sum, count) => sum + 2500n * BigInt(count), 0n),
  }));

const before = sample([1, 2, 0], [0, 0, 0], [5, 0, 0], [0, 0, 0]);
const after = sample([1, 5, 0], [0, 0, 0], [5, 0, 0], [0, 0, 7]);

Deno.test("derive() counts the growth of each operation by slot, and has rows only for slots that grew", () => {
  const options = { filters: { self: false }, flags: {} };
  const { rows, histograms, distributions } = fsdist.derive(after, before, options);
  assert.deepEqual(histograms, [
    { label: "read", unit: "us", slots: [0, 3, 0] },
    { label: "write", unit: "us", slots: [0, 0, 0] },
    { label: "open", unit: "us", slots: [0, 0, 0] },
    { label: "fsync", unit: "us", slots: [0, 0, 7] },
  ]);
  assert.deepEqual(distributions, [
    { labels: { operation: "read" }, slots: [0, 3, 0], sumUs: 7.5 },
    { labels: { operation: "write" }, slots: [0, 0, 0], sumUs: 0 },
    { labels: { operation: "open" }, slots: [0, 0, 0], sumUs: 0 },
    { labels: { operation: "fsync" }, slots: [0, 0, 7], sumUs: 17.5 },
  ]);
  assert.deepEqual(rows, [
    { operation: "read", low_us: 2, high_us: 3, count: 3 },
    { operation: "fsync", low_us: 4, high_us: null, count: 7 },
  ]);
});

Deno.test("derive() keeps rows in microseconds with -m", () => {
  const { rows, histograms } = fsdist.derive(after, before, {
    filters: { self: false },
    flags: { milliseconds: true },
  });
  assert.equal(histograms![0]!.unit, "ms");
  assert.deepEqual(rows[0], { operation: "read", low_us: 2000, high_us: 3999, count: 3 });
});

Deno.test("derive() returns no rows for the first sample", () => {
  assert.deepEqual(fsdist.derive(after, null, { filters: { self: false }, flags: {} }), { rows: [] });
});

Deno.test("an alias shares the object of fsdist", () => {
  assert.deepEqual(fsdistAliases.map(({ name, object }) => [name, object]), [
    ["ext4dist", "fsdist"],
    ["xfsdist", "fsdist"],
    ["btrfsdist", "fsdist"],
  ]);
});
