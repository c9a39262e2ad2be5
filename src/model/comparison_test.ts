import assert from "node:assert/strict";
import { demoColumn } from "../../tests/support/demo_columns.ts";
import { demoTick, demoTool } from "../../tests/support/demo_tools.ts";
import { comparedBy, Comparison } from "./comparison.ts";
import { groupingNamed } from "./grouping.ts";
import { limitRows } from "./rest_rows.ts";
import type { Row, Tick } from "./tick.ts";

const COMM = demoColumn("comm", { unit: "text", align: "left", width: 16 });
const READS = demoColumn("reads");
const LATENCY = demoColumn("lat_us", { unit: "us" });
const SHARE = demoColumn("hit_pct", { unit: "pct" });

const tick = (rows: readonly Row[], more: Partial<Tick> = {}): Tick =>
  demoTick(rows, { time: 5000, lost: { events: 1, keys: 0, runs: 0 }, ...more });

const TABLE = demoTool("table", [COMM, READS, SHARE]);

const rowsOf = (comparison: Comparison) =>
  comparison.rows().map((
    { measure, value, a, b, aPerS, bPerS, diffPerS },
  ) => [measure.key, value, a, b, aPerS, bPerS, diffPerS]);

Deno.test("Comparison adds up two ranges of different lengths by a column, the largest difference of rates first", () => {
  const comparison = new Comparison(TABLE, groupingNamed(TABLE, "comm"));
  const row = (comm: string | null, reads: number | null) => ({ comm, reads, hit_pct: 50 });
  comparison.add("a", tick([row("nginx", 40), row("nginx", 2), row("gone", 6), row("idle", null)]));
  comparison.add("b", tick([row("nginx", 9), row("new", 200), row(null, 4)], { time: 9000, intervalS: 3 }));
  comparison.add("b", tick([row("nginx", 1)], { time: 12_000, intervalS: 1 }));
  assert.deepEqual(rowsOf(comparison), [
    ["reads", "new", null, 200, 0, 50, 50],
    ["reads", "nginx", 42, 10, 21, 2.5, -18.5],
    ["reads", "gone", 6, null, 3, 0, -3],
    ["reads", null, null, 4, 0, 1, 1],
  ]);
  assert.deepEqual(comparison.range("b"), {
    ticks: 2,
    first: 9000,
    last: 12_000,
    intervalS: 4,
    lost: { events: 2, keys: 0, runs: 0 },
    restRows: 0,
  });
});

Deno.test("Comparison counts events and sums their durations, with what a recording left out as the last row", () => {
  const tool = demoTool("events", [COMM, LATENCY]);
  const comparison = new Comparison(tool, groupingNamed(tool, "comm"));
  const events = [1, 2, 3, 4].map((lat_us) => ({ comm: "sshd", lat_us }));
  comparison.add("a", limitRows(tick(events), tool, 1));
  comparison.add("b", tick(events.slice(0, 1)));
  assert.deepEqual(rowsOf(comparison), [
    ["events", "sshd", 1, 1, 0.5, 0.5, 0],
    ["events", "(other)", 3, null, 1.5, 0, -1.5],
    ["sum_lat_us", "sshd", 4, 1, 2, 0.5, -1.5],
    ["sum_lat_us", "(other)", 6, null, 3, 0, -3],
  ]);
  assert.deepEqual(comparison.range("a").lost, { events: 1, keys: 0, runs: 0 });
});

Deno.test("Comparison does not know the rate of a value that may be among the rest of a range, and sorts it after known differences", () => {
  const comparison = new Comparison(TABLE, groupingNamed(TABLE, "comm"));
  const rows = [{ comm: "kept", reads: 9 }, { comm: "steady", reads: 4 }, { comm: "small", reads: 2 }];
  comparison.add("a", limitRows(tick(rows), TABLE, 1));
  comparison.add("b", tick([...rows, { comm: "kept", reads: 1 }]));
  comparison.add("b", tick([], { intervalS: 2 }));
  assert.deepEqual(rowsOf(comparison), [
    ["reads", "kept", 9, 10, 4.5, 2.5, -2],
    ["reads", "small", null, 2, null, 0.5, null],
    ["reads", "steady", null, 4, null, 1, null],
    ["reads", "(other)", 6, null, 3, 0, -3],
  ]);
  assert.equal(comparison.range("a").restRows, 2);
});

Deno.test("Comparison adds up counters as they are, without what cannot be added and what is zero", () => {
  const tool = demoTool("counters", [READS, SHARE, demoColumn("writes")]);
  const comparison = new Comparison(tool, null);
  comparison.add("a", tick([{ reads: 4, hit_pct: 10, writes: 0 }]));
  comparison.add("b", tick([{ reads: 5, hit_pct: 90, writes: 0 }]));
  assert.deepEqual(rowsOf(comparison), [["reads", null, 4, 5, 2, 2.5, 0.5]]);
});

Deno.test("Comparison has separate sums for 5000 values, the same in both ranges, and the others together", () => {
  const comparison = new Comparison(TABLE, groupingNamed(TABLE, "comm"));
  const rows = Array.from({ length: 5010 }, (_, i) => ({ comm: `c${i}`, reads: 1 }));
  comparison.add("a", tick(rows));
  comparison.add("b", tick(rows.toReversed()));
  const compared = comparison.rows();
  assert.equal(compared.length, 5001);
  assert.ok(compared.every(({ diffPerS }) => diffPerS === 0));
  assert.deepEqual([compared.at(-1)!.value, compared.at(-1)!.a, compared.at(-1)!.b], ["(other)", 10, 10]);
  const long = new Comparison(TABLE, groupingNamed(TABLE, "comm"));
  long.add("a", tick([1, 2, 3].map((i) => ({ comm: `${i}`.repeat(600_000), reads: i }))));
  assert.deepEqual(long.rows().map(({ a, isOther }) => [a, isOther]), [[1, false], [5, true]]);
});

Deno.test("comparedBy() is the program, or else the most important text that is known without a flag", () => {
  const dir = demoColumn("dir", { unit: "text", priority: 1 });
  const address = demoColumn("addr", { unit: "text" });
  const hidden = { ...COMM, needs: ["per-process"] };
  const chosen = [[dir, COMM], [hidden, address, dir], [hidden]].map((columns) =>
    comparedBy(demoTool("table", columns))?.key
  );
  assert.deepEqual(chosen, ["comm", "dir", undefined]);
});

Deno.test("Comparison adds counts of functions that call each other over time, but not over rows", () => {
  const tool = demoTool("table", [
    demoColumn("func", { unit: "text" }),
    demoColumn("of", { unit: "text", priority: -1 }),
    { ...READS, adds: false },
    { ...LATENCY, adds: false },
  ]);
  const rows = [{ func: "f", of: "x", reads: 3, lat_us: 9 }, { func: "g", of: "x", reads: 3, lat_us: 9 }];
  const comparison = new Comparison(tool, groupingNamed(tool, "func"));
  comparison.add("a", tick(rows));
  comparison.add("a", tick(rows.slice(1)));
  comparison.add("b", tick([]));
  assert.deepEqual(rowsOf(comparison).map((row) => row.slice(0, 4)), [
    ["reads", "g", 6, null],
    ["reads", "f", 3, null],
  ]);
  assert.ok(new Comparison(tool, groupingNamed(tool, "of")).isEmpty);
  assert.ok(!comparison.isEmpty);
});
