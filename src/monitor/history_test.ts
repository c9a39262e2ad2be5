import assert from "node:assert/strict";
import type { Tick, Tool } from "../tools/tool.ts";
import { addHistograms, History } from "./history.ts";

const tool = (view: Tool["view"]): Tool => ({
  name: "demo",
  summary: "",
  view,
  columns: [],
  flags: [],
  graph: ["reads"],
  hooks: [],
  caveats: {},
  configure: () => ({ constants: {} }),
  sampler: () => ({ sample: () => null }),
  derive: () => ({ rows: [] }),
});

const tick = (rows: Tick["rows"], rest: Partial<Tick> = {}): Tick => ({
  tool: "demo",
  time: 0,
  intervalS: 2,
  tier: "fentry",
  rows,
  lost: { events: 0, keys: 0 },
  ...rest,
});

Deno.test("History.add() keeps the sum over the rows per second, and unknown values as nothing", () => {
  const history = History.empty.add(tick([{ reads: 4 }, { reads: null }, { reads: 6 }]), tool("table"));
  assert.deepEqual(history.series.get("reads"), [5]);
});

Deno.test("History.add() leaves the old history as it was", () => {
  const first = History.empty.add(tick([{ reads: 2 }]), tool("events"));
  const second = first.add(tick([{ reads: 4 }]), tool("events"));
  assert.deepEqual([first.series.get("reads"), second.series.get("reads")], [[1], [1, 2]]);
  assert.deepEqual([first.events.length, second.events.length], [1, 2]);
});

Deno.test("History.add() is bounded: 600 ticks, 1000 newest events, the rest counted", () => {
  let history = History.empty;
  for (let i = 0; i < 700; i++) history = history.add(tick([{ reads: i }, { reads: i }]), tool("events"));
  assert.equal(history.series.get("reads")?.length, 600);
  assert.equal(history.series.get("reads")?.at(-1), 699);
  assert.equal(history.events.length, 1000);
  assert.equal(history.eventsDropped, 400);
  assert.equal(history.events.at(-1)?.reads, 699);
});

Deno.test("History.add() sums losses", () => {
  const lossy = tick([], { lost: { events: 3, keys: 1 } });
  assert.deepEqual(History.empty.add(lossy, tool("table")).add(lossy, tool("table")).lost, {
    events: 6,
    keys: 2,
  });
});

Deno.test("addHistograms() adds slot by slot by label and keeps labels it did not know", () => {
  const sum = addHistograms([{ label: "a", unit: "us", slots: [1, 2] }], [
    { label: "a", unit: "us", slots: [10, 20, 30] },
    { label: "b", unit: "us", slots: [7] },
  ]);
  assert.deepEqual(sum.map(({ label, slots }) => [label, slots]), [["a", [11, 22, 30]], ["b", [7]]]);
});
