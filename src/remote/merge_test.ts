import assert from "node:assert/strict";
import { groupingNamed, groupTick, REST_KEY, type Row, type Tick } from "../model/mod.ts";
import type { RecordedTick } from "../recording/mod.ts";
import { TOOLS } from "../../tests/support/recordings.ts";
import { mergedState, mergedTool, mergeParts, onHost } from "./merge.ts";

const [files, calls, waits] = TOOLS;
const HOSTS = ["a", "b"];

function tickOf(tool: string, rows: readonly Row[], more: Partial<Tick> = {}): Tick {
  return {
    tool,
    time: 1,
    intervalS: 1,
    tier: "fentry",
    lost: { events: 1, keys: 2, runs: 0 },
    rows,
    ...more,
  };
}

function recorded(...ticks: readonly Tick[]): RecordedTick {
  return {
    time: 5,
    host: { uptimeS: 9, load: [1, 2, 3], tasks: { running: 1, total: 10 } },
    self: { cpuMsPerS: 2, rssBytes: 7 },
    toolTicks: new Map(ticks.map((tick) => [tick.tool, tick])),
    dropped: new Map(ticks.map(({ tool }) => [tool, 1])),
    failed: new Map(),
    peaks: {},
    flags: new Map(),
    pivot: null,
  };
}

const merged = (tool: typeof files, parts: readonly (readonly [host: string, tick: Tick])[]): Tick =>
  mergeParts(
    parts.map(([host, tick]) => ({ host, tick: recorded(tick) })),
    [{ tool: mergedTool(tool!, HOSTS), flags: {} }],
    77,
  ).toolTicks.get(tool!.name)!;

Deno.test("rows of several hosts are one table, the host first, largest first as the tool orders them", () => {
  const ordered = { ...files!, order: ["reads"] };
  assert.equal(mergedTool(ordered, HOSTS).columns[0]!.key, "host");
  const tick = merged(ordered, [
    ["a", tickOf("files", [{ pid: 1, file: "x", reads: 5 }, { pid: 2, file: "y", reads: 1 }])],
    ["b", tickOf("files", [{ pid: 1, file: "x", reads: 3 }], { tier: "kprobe", intervalS: 1.2 })],
  ]);
  assert.deepEqual(tick.rows, [
    { host: "a", pid: 1, file: "x", reads: 5 },
    { host: "b", pid: 1, file: "x", reads: 3 },
    { host: "a", pid: 2, file: "y", reads: 1 },
  ]);
  assert.deepEqual(
    [tick.time, tick.tier, tick.intervalS, tick.lost],
    [77, "fentry+kprobe", 1.1, { events: 2, keys: 4, runs: 0 }],
  );
});

Deno.test("counters of several hosts are a table with a row for each", () => {
  const tool = mergedTool(calls!, HOSTS);
  assert.equal(tool.view, "table");
  const tick = merged(calls, [["a", tickOf("calls", [{ read: 11 }])], ["b", tickOf("calls", [{ read: 7 }])]]);
  assert.deepEqual(tick.rows, [{ host: "a", read: 11 }, { host: "b", read: 7 }]);
  const totals = groupTick(tick, groupingNamed(tool, "host")).rows;
  assert.deepEqual(totals.map(({ host, read }) => [host, read]), [["a", 11], ["b", 7]]);
});

Deno.test("totals of a host contain the rows that a recording has summed", () => {
  const tool = mergedTool(files!, HOSTS);
  const rest = { pid: null, file: "(other)", reads: 100, [REST_KEY]: 9 };
  const tick = merged(files, [
    ["a", tickOf("files", [{ pid: 1, file: "x", reads: 5 }, rest])],
    ["b", tickOf("files", [{ pid: 1, file: "x", reads: 3 }])],
  ]);
  const totals = groupTick(tick, groupingNamed(tool, "host")).rows;
  assert.deepEqual(totals.map(({ host, rows, reads }) => [host, rows, reads]), [["a", 10, 105], ["b", 1, 3]]);
});

Deno.test("events of several hosts follow each other in time, and their rests add up", () => {
  const at = (second: number): string => new Date(second * 1000).toISOString();
  const rest = (rows: number): Partial<Tick> => ({
    rest: { rows, sums: { lat_us: rows * 10 } },
    droppedRows: rows,
  });
  const tick = merged(waits, [
    ["a", tickOf("waits", [{ time: at(1), lat_us: 1 }, { time: at(3), lat_us: 3 }], rest(2))],
    ["b", tickOf("waits", [{ time: at(2), lat_us: 2 }], rest(3))],
  ]);
  assert.deepEqual(tick.rows.map(({ host, lat_us }) => [host, lat_us]), [["a", 1], ["b", 2], ["a", 3]]);
  assert.deepEqual([tick.rest, tick.droppedRows], [{ rows: 5, sums: { lat_us: 50 } }, 5]);
});

Deno.test("histograms name their host, and stacks add up", () => {
  const more = (weight: number): Partial<Tick> => ({
    histograms: [{ label: "delay", unit: "us", slots: [weight] }],
    stacks: { weight: "lat_us", counts: [{ stack: "f;g", weight }, { stack: `h${weight}`, weight: 1 }] },
  });
  const tick = merged(waits, [["a", tickOf("waits", [], more(2))], ["b", tickOf("waits", [], more(5))]]);
  assert.deepEqual(tick.histograms?.map(({ label, slots }) => [label, slots]), [
    ["a delay", [2]],
    ["b delay", [5]],
  ]);
  assert.deepEqual(tick.stacks?.counts[0], { stack: "f;g", weight: 7 });
});

Deno.test("the machines are added up", () => {
  const both = mergeParts(HOSTS.map((host) => ({ host, tick: recorded() })), [], 1);
  assert.deepEqual(both.host, { uptimeS: 9, load: [2, 4, 6], tasks: { running: 2, total: 20 } });
  assert.deepEqual(both.self, { cpuMsPerS: 4, rssBytes: 14 });
});

Deno.test("a tool runs if it runs on one host, and names the others", () => {
  const unavailable = { kind: "unavailable", reason: "No kprobes.", remedy: "" } as const;
  const running = { kind: "running", tier: "fentry", missing: ["mmap"] } as const;
  assert.deepEqual(mergedState([{ host: "a", state: unavailable }, { host: "b", state: running }]), {
    kind: "running",
    tier: "fentry",
    missing: ["a, where it cannot run: No kprobes.", "b: mmap"],
  });
  assert.deepEqual(mergedState([{ host: "a", state: unavailable }]), {
    ...unavailable,
    reason: "a: No kprobes.",
  });
});

Deno.test("panes of one host have its name", () => {
  const one = onHost(recorded(tickOf("files", [])), "a", 77);
  assert.deepEqual([...one.toolTicks.values()].map(({ tool, time }) => [tool, time]), [["files@a", 77]]);
  assert.deepEqual([...one.dropped], [["files@a", 1]]);
});
