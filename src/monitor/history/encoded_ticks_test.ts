import assert from "node:assert/strict";
import type { Column, Row, RowTest, Tick, ToolInfo } from "../../model/mod.ts";
import { TOOLS } from "../../tools/mod.ts";
import { EncodedTicks } from "./encoded_ticks.ts";
import { HISTORY_LIMITS } from "./limits.ts";

const toolOf = (name: string): ToolInfo => TOOLS.find((tool) => tool.name === name)!;
const filetop = toolOf("filetop");
const runqslower = toolOf("runqslower");

const tick = (time: number, rows: readonly Row[], rest: Partial<Tick> = {}): Tick => ({
  tool: "demo",
  time,
  intervalS: 1.0003,
  tier: "fentry+kprobe",
  rows,
  lost: { events: 0, keys: 0, runs: 0 },
  ...rest,
});

const fileRow = (i: number, seed = 0): Row => ({
  tid: 20_000 + i,
  pid: 20_000 + i,
  comm: `worker-${i % 50}`,
  reads: 1 + (i * 7919 + seed) % 5000,
  writes: (i * 104_729 + seed) % 300,
  read_bytes: ((i * 7919 + seed) % 5000) * 4096,
  write_bytes: ((i * 104_729 + seed) % 300) * 512,
  type: "R",
  file: `segment.${i % 3000}`,
  dev: "254:1",
  inode: 1_000_000 + i,
});

Deno.test("EncodedTicks decodes a tick as it was: rows, losses, histograms, fill", () => {
  const histograms = [
    { label: "read", unit: "us", slots: [0, 3, 0, 700, 0, 0] },
    { label: "write", unit: "ms", slots: [0, 0], sum: 12.5 },
  ];
  const was = tick(5, [fileRow(1), { ...fileRow(2), file: null }], {
    tool: "filetop",
    lost: { events: 4, keys: 7, runs: 9 },
    histograms,
    mapFill: 0.25,
  });
  const kept = EncodedTicks.empty.add(was, filetop).at(0);
  assert.deepEqual(kept, { tick: was, rowCount: 2, droppedRows: 0, droppedSums: null });
});

Deno.test("EncodedTicks decodes the stacks of a tick, the largest as far as there is room, and adds up the others", () => {
  const readpath = toolOf("readpath");
  const few = { weight: "time_us", counts: [{ stack: "a;b", weight: 7.25 }, { stack: "a", weight: 0.5 }] };
  const many = {
    weight: "calls",
    counts: Array.from(
      { length: 400 },
      (_, i) => ({ stack: `outer;${"inner;".repeat(20)}f${i}`, weight: 400 - i }),
    ),
    dropped: 3,
  };
  const history = EncodedTicks.empty.add(tick(5, [], { stacks: few }), readpath)
    .add(tick(6, [], { stacks: many }), readpath).add(tick(7, []), readpath);
  assert.deepEqual(history.at(0)?.tick.stacks, few);
  const { counts, weight, dropped } = history.at(1)!.tick.stacks!;
  assert.ok(counts.length > 50 && counts.length < 400, String(counts.length));
  assert.deepEqual([weight, counts], [many.weight, many.counts.slice(0, counts.length)]);
  const sum = (of: readonly { weight: number }[]): number => of.reduce((total, one) => total + one.weight, 0);
  assert.equal(sum(counts) + dropped!, sum(many.counts) + 3);
  assert.equal(history.at(2)?.tick.stacks, undefined);
});

Deno.test("EncodedTicks keeps the first rows of a table and the newest of events, and counts the rest", () => {
  const rows = Array.from({ length: 10_240 }, (_, i) => fileRow(i));
  const table = EncodedTicks.empty.add(tick(5, rows), filetop).at(0);
  assert.deepEqual(table?.tick.rows, rows.slice(0, 100));
  assert.equal(table?.droppedRows, 10_140);
  const events = Array.from({ length: 250 }, (_, i): Row => ({ tid: i, lat_us: i + 0.5 }));
  const kept = EncodedTicks.empty.add(tick(5, events), runqslower).at(0);
  assert.deepEqual(kept?.tick.rows, events.slice(150));
  assert.equal(kept?.droppedRows, 150);
});

Deno.test("EncodedTicks keeps ten minutes of ticks of 10,240 rows within its bytes", () => {
  let kept = EncodedTicks.empty;
  const rows = Array.from({ length: 10_240 }, (_, i) => fileRow(i));
  for (let i = 0; i < 700; i++) {
    const turned = [...rows.slice(i * 13), ...rows.slice(0, i * 13)];
    kept = kept.add(tick(i * 1000, turned), filetop);
    assert.ok(kept.bytes <= HISTORY_LIMITS.bytes, `${kept.bytes} bytes after ${i}`);
  }
  assert.ok(kept.length >= 600, `${kept.length} ticks in ${kept.bytes} bytes`);
  assert.equal(kept.timeAt(kept.length - 1), 699_000);
});

Deno.test("EncodedTicks evicts the oldest ticks when long names take too many bytes", () => {
  let kept = EncodedTicks.empty;
  for (let i = 0; i < 700; i++) {
    const rows = Array.from(
      { length: 200 },
      (_, j) => ({ ...fileRow(j), file: `${i} ${j} ${"\\xff".repeat(60)}` }),
    );
    kept = kept.add(tick(i * 1000, rows), filetop);
    assert.ok(kept.bytes <= HISTORY_LIMITS.bytes, `${kept.bytes} bytes after ${i}`);
  }
  assert.ok(kept.length < 600 && kept.length > 20, `${kept.length}`);
  assert.equal(kept.timeAt(kept.length - 1), 699_000);
  const huge = Array.from({ length: 100 }, (_, j) => ({ ...fileRow(j), file: `${j}${"日".repeat(5000)}` }));
  const grown = kept.add(tick(700_000, huge), filetop);
  const last = grown.at(grown.length - 1);
  assert.ok(last && last.tick.rows.length < 10 && last.droppedRows > 90);
});

Deno.test("EncodedTicks keeps the rows that pass a filter, in the order of the tick, and sums those it drops", () => {
  const rows = Array.from({ length: 10_240 }, (_, i) => fileRow(i));
  const rare = new Set([3, 5000, 10_239]);
  const passes = ({ inode }: Row): boolean => rare.has(Number(inode) - 1_000_000);
  const counted = { filter: "rare", by: null, passed: 3 };
  const ticks = EncodedTicks.empty.add(tick(5, rows, { counted }), filetop, undefined, {
    test: passes,
    orders: [],
  });
  const table = ticks.at(0)!;
  const kept = [...rows.slice(0, 100), rows[5000], rows[10_239]];
  assert.deepEqual(table.tick.rows, kept);
  assert.deepEqual([table.droppedRows, table.tick.counted], [10_138, counted]);
  const sum = (key: string): number =>
    rows.reduce((sum, row) => sum + (kept.includes(row) ? 0 : Number(row[key])), 0);
  const keys = ["reads", "writes", "read_bytes", "write_bytes"];
  assert.deepEqual(table.droppedSums, Object.fromEntries(keys.map((key) => [key, sum(key)])));
  assert.deepEqual(ticks.rowsWith({ inode: 1_005_000 }, 0, 1), [rows[5000]]);
  const most = EncodedTicks.empty.add(tick(5, rows), filetop, undefined, { test: () => true, orders: [] })
    .at(0)!;
  assert.deepEqual(most.tick.rows, rows.slice(0, HISTORY_LIMITS.preferredPerTick));
});

Deno.test("EncodedTicks.firstAt() decodes the rows that passed a filter first, the newest first", () => {
  const events = Array.from({ length: 1000 }, (_, i): Row => ({ tid: i, lat_us: i }));
  const passes = ({ tid }: Row): boolean => Number(tid) % 100 === 0;
  const ticks = EncodedTicks.empty.add(tick(5, events), runqslower, undefined, { test: passes, orders: [] });
  const newest = Array.from({ length: 100 }, (_, i) => 999 - i);
  const older = [800, 700, 600, 500, 400, 300, 200, 100, 0];
  assert.deepEqual(ticks.keptAt(0), { ranked: 0, preferred: 10, count: 109, rowCount: 1000 });
  const kept = (most: number): unknown[] =>
    ticks.firstAt(0, most).map(({ row, at, isPreferred }) => [row.tid, at, isPreferred]);
  assert.deepEqual(kept(10), [900, ...older].map((tid) => [tid, tid, true]));
  assert.deepEqual(kept(12).slice(10), [[999, 999, false], [998, 998, false]]);
  assert.deepEqual([ticks.firstAt(1, 2), ticks.keptAt(1).count], [[], 0]);
  const tids = ticks.at(0)!.tick.rows.map(({ tid }) => Number(tid));
  assert.deepEqual(tids, [...older, ...newest].sort((a, b) => a - b));
});

Deno.test("EncodedTicks.firstAt() decodes the events that rank first in each order in turn", () => {
  const events = Array.from(
    { length: 1000 },
    (_, i): Row => ({ tid: i, lat_us: i % 97 === 3 ? 5000 - i : 1 }),
  );
  const longest = { key: "lat_us", descending: true };
  const preference = { test: null, orders: [longest, { key: "tid", descending: false }] };
  const ticks = EncodedTicks.empty.add(tick(5, events), runqslower, undefined, preference);
  const tids = (most: number): unknown[] => ticks.firstAt(0, most).map(({ row }) => row.tid);
  assert.deepEqual(tids(6), [3, 0, 100, 1, 197, 2]);
  assert.deepEqual(ticks.keptAt(0), { ranked: 49, preferred: 0, count: 100, rowCount: 1000 });
  const rows = ticks.at(0)!.tick.rows.map(({ tid }) => Number(tid));
  assert.deepEqual(rows, rows.toSorted((a, b) => a - b));
  const newest = Array.from({ length: 40 }, (_, i) => 960 + i);
  assert.deepEqual(rows.slice(-40), newest);
  assert.deepEqual(ticks.rowsWith({ tid: 100 }, 0, 1), [events[100]]);
});

Deno.test("EncodedTicks keeps beside the rows that pass a filter as many as without it", () => {
  const events = Array.from(
    { length: 2000 },
    (_, i): Row => ({ tid: i, lat_us: i === 10 || i === 11 ? 9 : 1 }),
  );
  const test = ({ tid }: Row): boolean => Number(tid) % 2 === 0;
  const order = { key: "lat_us", descending: true };
  const add = (test: RowTest | null): readonly Row[] =>
    EncodedTicks.empty.add(tick(5, events), runqslower, undefined, { test, orders: [order] }).at(0)!.tick
      .rows;
  const [filtered, all] = [add(test), add(null)];
  assert.deepEqual([filtered.length, filtered[0]?.tid], [HISTORY_LIMITS.preferredPerTick, 10]);
  assert.ok(all.every((row) => filtered.some(({ tid }) => tid === row.tid)));
  const others = filtered.filter((row) => !all.some(({ tid }) => tid === row.tid));
  assert.ok(others.length === 200 && others.every(test));
});

Deno.test("EncodedTicks.add() does not change the original", () => {
  const one = EncodedTicks.empty.add(tick(1, [fileRow(1)]), filetop);
  const two = one.add(tick(2, [fileRow(2)]), filetop);
  const other = one.add(tick(3, [fileRow(3)]), filetop);
  assert.deepEqual([one.length, two.length, other.length], [1, 2, 2]);
  assert.equal(two.at(1)?.tick.rows[0]?.tid, 20_002);
  assert.equal(other.at(1)?.tick.rows[0]?.tid, 20_003);
});

Deno.test("EncodedTicks.until() and after() split at a time", () => {
  let kept = EncodedTicks.empty;
  for (let i = 0; i < 130; i++) kept = kept.add(tick(i * 10, [fileRow(i)]), filetop);
  assert.deepEqual([kept.until(505).length, kept.after(505).length], [51, 79]);
  assert.equal(kept.until(505).at(50)?.tick.rows[0]?.tid, 20_050);
  assert.deepEqual([kept.until(-1).length, kept.after(1e6).length], [0, 0]);
});

Deno.test("EncodedTicks reads each tick by the columns it was added with when they change", () => {
  const column = (key: string): Column => ({ ...filetop.columns[0]!, key });
  const a = { ...filetop, columns: [column("a")] };
  const b = { ...filetop, columns: [column("b"), column("a")] };
  const kept = EncodedTicks.empty.add(tick(1, [{ a: 1 }]), a).add(tick(2, [{ a: 2, b: 3 }]), b);
  assert.deepEqual([kept.at(0)?.tick.rows, kept.at(1)?.tick.rows], [[{ a: 1 }], [{ b: 3, a: 2 }]]);
});
