import assert from "node:assert/strict";
import { demoTool } from "../../tests/support/demo_tools.ts";
import type { Column } from "./columns.ts";
import { collectGroups, groupRows, groupTick } from "./group_counts.ts";
import { groupingNamed } from "./grouping.ts";
import { hasRest, limitRows, OTHER_NAME, restCount, restLast } from "./rest_rows.ts";
import { missingFrom, type Row, type Tick } from "./tick.ts";
import type { Unit } from "./unit.ts";

const column = (key: string, unit: Unit, more: Partial<Column> = {}): Column => ({
  key,
  title: key.toUpperCase(),
  description: "",
  unit,
  width: 8,
  align: "left",
  ...more,
});

const TABLE = demoTool("table", [
  column("pid", "id"),
  column("comm", "text"),
  column("path", "text"),
  column("type", "text", { width: 1 }),
  column("reads", "count"),
  column("lat_ms", "ms"),
  column("avg_ms", "ms", { adds: false }),
  column("hit_pct", "pct"),
  column("seen", "time"),
]);

const rowsOfTable = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    pid: i + 1,
    comm: `c${i % 3}`,
    path: null,
    type: "R",
    reads: count - i,
    lat_ms: i === 0 ? null : 0.1 * i,
    avg_ms: 5,
    hit_pct: 50,
    seen: "2026-11-20T18:00:00.000Z",
  }));

const EVENTS = demoTool("events", [
  column("time", "time"),
  column("comm", "text"),
  column("lat_us", "us"),
  column("bytes", "bytes"),
]);

const tickOf = (rows: readonly Row[], more: Partial<Tick> = {}): Tick => ({
  tool: "t",
  time: 0,
  intervalS: 2,
  lost: { events: 3, keys: 1, runs: 0 },
  tier: "fentry",
  rows,
  ...more,
});

const sum = (rows: readonly Row[], key: string): number =>
  rows.reduce((total, row) => total + Number(row[key] ?? 0), 0);

Deno.test("limitRows() keeps the first rows of a table, and sums the others in a row at its end", () => {
  const all = tickOf(rowsOfTable(10));
  const limited = limitRows(all, TABLE, 3);
  assert.deepEqual(limited.rows.slice(0, 3), all.rows.slice(0, 3));
  const rest = limited.rows[3]!;
  assert.equal(restCount(rest), 7);
  assert.deepEqual(JSON.parse(JSON.stringify(rest, TABLE.columns.map(({ key }) => key))), {
    pid: null,
    comm: OTHER_NAME,
    path: null,
    type: null,
    reads: 28,
    lat_ms: 4.2,
    avg_ms: null,
    hit_pct: null,
    seen: null,
  });
  assert.equal(sum(limited.rows, "reads"), sum(all.rows, "reads"));
  assert.deepEqual(limitRows(limited, TABLE, 2).rows.map(restCount), [0, 0, 8]);
  assert.equal(sum(limitRows(limited, TABLE, 2).rows, "reads"), sum(all.rows, "reads"));
});

Deno.test("limitRows() leaves ticks that fit, counters and histograms as they are", () => {
  const tick = tickOf(rowsOfTable(3));
  assert.equal(limitRows(tick, TABLE, 3), tick);
  for (const view of ["counters", "histogram"] as const) {
    assert.equal(limitRows(tick, { ...TABLE, view }, 1), tick);
  }
  assert.ok(!hasRest(tick));
  assert.ok(hasRest(limitRows(tick, TABLE, 2)));
});

Deno.test("limitRows() keeps as many of the slowest events as of the newest, and the others are not lost", () => {
  const rows = Array.from({ length: 10 }, (_, i) => ({
    time: new Date(i).toISOString(),
    comm: "c",
    lat_us: i === 2 ? 1000 : i,
    bytes: i === 9 ? null : 100,
  }));
  const limited = limitRows(tickOf(rows, { droppedRows: 5 }), EVENTS, 2);
  assert.deepEqual(limited.rows, [rows[2], rows[9]]);
  assert.deepEqual(limited.rest, { rows: 8, sums: { lat_us: 34, bytes: 800 } });
  assert.deepEqual(missingFrom(limited), { events: 3 + 5, keys: 1, runs: 0 });
  assert.deepEqual(limitRows(limited, EVENTS, 1).rest, { rows: 9, sums: { lat_us: 43, bytes: 800 } });
});

Deno.test("a rest is the group of others, with its number of rows, its sums and no maximum", () => {
  const tick = limitRows(tickOf(rowsOfTable(10)), TABLE, 3);
  const grouping = groupingNamed(TABLE, "comm");
  const rows = groupRows(collectGroups(tick.rows, grouping), grouping, 2);
  assert.deepEqual(rows.at(-1), { rows: 7, reads: 28, sum_lat_ms: 4.2, max_lat_ms: null, comm: OTHER_NAME });
  assert.equal(sum(rows, "rows"), 10);
  const events = Array.from({ length: 6 }, (_, i) => ({ comm: "c", lat_us: i, bytes: 1 }));
  const grouped = groupTick(limitRows(tickOf(events), EVENTS, 2), groupingNamed(EVENTS, "comm"));
  assert.deepEqual(grouped.rows, [
    { events: 2, events_per_s: 1, sum_lat_us: 9, bytes: 2, max_lat_us: 5, comm: "c" },
    { events: 4, events_per_s: 2, sum_lat_us: 6, bytes: 4, max_lat_us: null, comm: OTHER_NAME },
  ]);
  assert.equal(missingFrom(grouped).events, 3);
});

Deno.test("limitRows() sums large integers exactly", () => {
  const rows = [2 ** 52 + 1, 12_345_678_901, 3].map((reads) => ({ reads }));
  assert.equal(limitRows(tickOf([{ reads: 1 }, ...rows]), TABLE, 1).rows[1]!.reads, 2 ** 52 + 12_345_678_905);
});

Deno.test("restLast() moves a rest to the end", () => {
  const { rows } = limitRows(tickOf(rowsOfTable(5)), TABLE, 2);
  assert.deepEqual(restLast(rows.toReversed()).map(restCount), [0, 0, 3]);
});
