import assert from "node:assert/strict";
import { demoColumn } from "../../../tests/support/demo_columns.ts";
import type { Row, Tick, ToolInfo } from "../../model/mod.ts";
import { addHistograms, addTick, NO_HISTORY } from "./history.ts";

const tool = (view: ToolInfo["view"]): ToolInfo => ({
  name: "demo",
  summary: "",
  view,
  columns: [],
  flags: [],
  graph: ["reads"],
  caveats: {},
});

const tick = (rows: Tick["rows"], rest: Partial<Tick> = {}): Tick => ({
  tool: "demo",
  time: 0,
  intervalS: 2,
  tier: "fentry",
  rows,
  lost: { events: 0, keys: 0, runs: 0 },
  ...rest,
});

Deno.test("addTick() keeps the sum over the rows per second, and unknown values as nothing", () => {
  const history = addTick(NO_HISTORY, tick([{ reads: 4 }, { reads: null }, { reads: 6 }]), tool("table"));
  assert.deepEqual(history.series.get("reads"), [5]);
});

Deno.test("addTick() does not change the old history", () => {
  const first = addTick(NO_HISTORY, tick([{ reads: 2 }]), tool("events"));
  const second = addTick(first, tick([{ reads: 4 }]), tool("events"));
  assert.deepEqual([first.series.get("reads"), second.series.get("reads")], [[1], [1, 2]]);
  assert.deepEqual([first.events.length, second.events.length], [1, 2]);
});

Deno.test("addTick() is bounded: 600 ticks, 1000 newest events, the rest counted", () => {
  let history = NO_HISTORY;
  for (let i = 0; i < 700; i++) {
    history = addTick(history, tick([{ reads: i }, { reads: i }], { time: i * 1001 }), tool("events"));
  }
  assert.equal(history.times.length, 600);
  assert.equal(history.series.get("reads")?.length, 600);
  assert.equal(history.series.get("reads")?.at(-1), 699);
  assert.equal(history.events.length, 1000);
  assert.equal(history.eventsDropped, 400);
  assert.equal(history.events.at(-1)?.reads, 699);
});

Deno.test("addTick() drops the events that pass a filter last, and counts the others that it was applied to", () => {
  const rows = (tick: number): Tick["rows"] =>
    Array.from({ length: 900 }, (_, i) => ({ comm: i === 7 ? "rare" : "flood", reads: tick }));
  const passes = ({ comm }: Row): boolean => comm === "rare";
  const counted = { filter: "rare", by: null, passed: 1 };
  let history = addTick(NO_HISTORY, tick(rows(0)), tool("events"));
  for (let i = 1; i <= 50; i++) {
    history = addTick(
      history,
      tick(rows(i), { time: i, droppedRows: 5000, counted }),
      tool("events"),
      undefined,
      { test: passes, orders: [] },
    );
  }
  const rare = history.events.filter(passes).map(({ reads }) => reads);
  assert.deepEqual(rare, Array.from({ length: 51 }, (_, i) => i));
  assert.equal(history.events.length, 1000);
  assert.equal(history.eventsDropped, 51 * 900 + 50 * 5000 - 1000);
  assert.deepEqual(history.filteredOut, { filter: "rare", rows: history.eventsDropped });
  assert.equal(history.events.at(-1)?.reads, 50);
  const other = { ...counted, filter: "other" };
  history = addTick(history, tick([], { time: 51, droppedRows: 3, counted: other }), tool("events"));
  assert.deepEqual(history.filteredOut, { filter: "other", rows: 3 });
});

Deno.test("addTick() does not measure events again while none arrive, unless the limit changes", () => {
  let measured = 0;
  const row = new Proxy({ comm: "x".repeat(100) } as Row, {
    ownKeys(target) {
      measured++;
      return Reflect.ownKeys(target);
    },
  });
  const events = tool("events");
  let history = addTick(NO_HISTORY, tick([row, row]), events);
  const before = measured;
  assert.ok(before > 0);
  for (let i = 1; i <= 3; i++) history = addTick(history, tick([], { time: i }), events);
  assert.deepEqual([history.events.length, measured], [2, before]);
  history = addTick(history, tick([], { time: 4 }), events, { ticks: 1e6, events: 300 });
  assert.deepEqual([history.events.length, history.eventsDropped], [1, 1]);
});

Deno.test("addTick() keeps the times of first intervals, with their values unchanged, as long as the values", () => {
  let history = addTick(NO_HISTORY, tick([{ reads: 900 }], { time: 1, isFirst: true }), tool("table"));
  for (let i = 2; i < 5; i++) {
    const first = i === 4 ? { isFirst: true } as const : {};
    history = addTick(history, tick([{ reads: i }], { time: i, ...first }), tool("table"));
  }
  assert.deepEqual([history.starts, history.series.get("reads")], [[1, 4], [450, 1, 1.5, 2]]);
  for (let i = 0; i < 599; i++) history = addTick(history, tick([], { time: 10 + i * 2000 }), tool("table"));
  assert.deepEqual(history.starts, [4]);
  history = addTick(history, tick([], { time: 3e6 }), tool("table"));
  assert.deepEqual([history.times.length, history.starts], [600, []]);
  assert.deepEqual(addTick(NO_HISTORY, tick([], { time: 7 }), tool("table")).starts, [7]);
});

Deno.test("addTick() keeps shares of counters as they are, and NaN where they are unknown", () => {
  const column = {
    key: "hit",
    title: "HIT",
    description: "",
    unit: "pct",
    width: 4,
    align: "right",
  } as const;
  const counters = { ...tool("counters"), columns: [column] };
  const history = addTick(
    addTick(NO_HISTORY, tick([{ hit: 50 }]), counters),
    tick([{ hit: null }]),
    counters,
  );
  assert.deepEqual(history.series.get("hit"), [50, NaN]);
});

Deno.test("addTick() keeps the level of a gauge at the end of the interval, summed over rows, never per second", () => {
  const columns = [demoColumn("reads", { unit: "bytes", gauge: true })];
  const table = { ...tool("table"), columns };
  const levels = (rows: Tick["rows"]) => addTick(NO_HISTORY, tick(rows), table).series.get("reads");
  assert.deepEqual(levels([{ reads: 4096 }, { reads: null }, { reads: 8192 }]), [12288]);
  assert.deepEqual(levels([]), [0]);
  assert.deepEqual(levels([{ reads: null }]), [NaN]);
});

Deno.test("addTick() keeps a share of one row, and none of several, which cannot be added", () => {
  const table = { ...tool("table"), columns: [demoColumn("reads", { unit: "pct" })] };
  const shares = (rows: Tick["rows"]) => addTick(NO_HISTORY, tick(rows), table).series.get("reads");
  assert.deepEqual(shares([{ reads: 40 }]), [40]);
  assert.deepEqual(shares([{ reads: 40 }, { reads: 60 }]), [NaN]);
});

Deno.test("addTick() makes a series of every gauge of a tool of counters", () => {
  const columns = [demoColumn("reads"), demoColumn("open", { gauge: true }), demoColumn("writes")];
  const { series } = addTick(NO_HISTORY, tick([{ reads: 2, open: 7, writes: 3 }]), {
    ...tool("counters"),
    columns,
  });
  assert.deepEqual([...series], [["reads", [1]], ["open", [7]]]);
});

Deno.test("addTick() sums losses", () => {
  const lossy = tick([], { lost: { events: 3, keys: 1, runs: 5 } });
  assert.deepEqual(addTick(addTick(NO_HISTORY, lossy, tool("table")), lossy, tool("table")).lost, {
    events: 6,
    keys: 2,
    runs: 10,
  });
});

Deno.test("addHistograms() adds slot by slot by label and keeps new labels", () => {
  const sum = addHistograms([{ label: "a", unit: "us", slots: [1, 2] }], [
    { label: "a", unit: "us", slots: [10, 20, 30] },
    { label: "b", unit: "us", slots: [7] },
  ]);
  assert.deepEqual(sum.map(({ label, slots }) => [label, slots]), [["a", [11, 22, 30]], ["b", [7]]]);
});

Deno.test("addHistograms() subtracts what it added, and never goes below zero", () => {
  const a = [{ label: "a", unit: "us", slots: [1, 2, 3] }];
  const more = [{ label: "a", unit: "us", slots: [10, 20] }];
  assert.deepEqual(addHistograms(addHistograms(a, more), more, -1), a);
  assert.deepEqual(addHistograms(a, more, -1)[0]?.slots, [0, 0, 3]);
});

Deno.test("addHistograms() adds the sums of histograms that have one, and subtracts them", () => {
  const of = (sum: number) => [{ label: "a", unit: "us", slots: [1], sum }];
  assert.equal(addHistograms(of(40), of(2))[0]?.sum, 42);
  assert.equal(addHistograms([], of(2))[0]?.sum, 2);
  assert.equal(addHistograms(of(42), of(2), -1)[0]?.sum, 40);
});

Deno.test("addHistograms() keeps 32 labels: the new ones, and those with the highest counts", () => {
  const of = (label: number, count: number) => ({ label: `${label}`, unit: "us", slots: [count] });
  const many = Array.from({ length: 40 }, (_, i) => of(i, i));
  const sum = addHistograms(many, [of(0, 1), of(99, 0)]);
  assert.equal(sum.length, 32);
  const labels = sum.map(({ label }) => label);
  assert.ok(labels.includes("0") && labels.includes("99") && labels.includes("39") && !labels.includes("9"));
});

Deno.test("addTick() counts all ticks when old ones are dropped", () => {
  let history = NO_HISTORY;
  for (let i = 0; i < 700; i++) {
    history = addTick(history, tick([{ reads: i }], { time: i * 1001 }), tool("table"));
  }
  assert.equal(history.tickCount, 700);
  assert.ok(history.times.length < 700);
});
