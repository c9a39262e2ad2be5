/**
 * What the graphs of the tools add up: nothing is counted twice.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ALL_TOOLS } from "../../../tests/support/tool_infos.ts";
import { isAddable, limitRows, type Row } from "../../model/mod.ts";
import { addTick, NO_HISTORY } from "./history.ts";

const INTERVAL_S = 2;

/** The series of a tool after one interval of two seconds, by key. */
function seriesAfter(
  name: string,
  rows: readonly Row[],
  most = Infinity,
): Record<string, number | undefined> {
  const tool = ALL_TOOLS.find((candidate) => candidate.name === name)!;
  const lost = { events: 0, keys: 0, runs: 0 };
  const tick = { tool: name, time: 1, intervalS: INTERVAL_S, tier: "fentry", lost, rows };
  const { series } = addTick(NO_HISTORY, limitRows(tick, tool, most), tool);
  return Object.fromEntries([...series].map(([key, values]) => [key, values.at(-1)]));
}

Deno.test("readpath graphs reads and their hit rate, not the sum of functions that call each other", () => {
  const calls = (func: string, calls: number): Row => ({ func, calls });
  const outcomes = [
    calls("read: hit", 61),
    calls("read: readahead", 11),
    calls("read: miss", 8),
    calls("read: other", 20),
  ];
  const rows = [calls("vfs_read", 100), calls("filemap_read", 80), ...outcomes];
  assert.deepEqual(seriesAfter("readpath", rows), { reads: 50, hit_pct: 90 });
  assert.deepEqual(seriesAfter("readpath", []), { reads: 0, hit_pct: NaN });
  assert.deepEqual(seriesAfter("readpath", [calls("read: other", 4)]), { reads: 2, hit_pct: NaN });
});

Deno.test("dirtop graphs the I/O of directories inside each other once", () => {
  const below = (path: string, read_bytes: number, write_bytes: number): Row => ({
    path,
    reads: 1,
    writes: 1,
    read_bytes,
    write_bytes,
  });
  const rows = [
    below("/var/log", 400, 40),
    below("/var", 1000, 100),
    below("/variant", 26, 6),
    below("/var/lib/x", 7, 1),
  ];
  assert.deepEqual(seriesAfter("dirtop", rows), { read_bytes: 513, write_bytes: 53 });
  assert.deepEqual(seriesAfter("dirtop", [below("/", 10, 2), ...rows]), { read_bytes: 5, write_bytes: 1 });
});

Deno.test("graphs of columns add what a recording left out, and graphs of certain rows have a gap", () => {
  const ios = [8, 6, 4].map((bytes) => ({ comm: "dd", bytes }));
  assert.deepEqual(seriesAfter("biosnoop", ios, 1), { bytes: 9 });
  assert.deepEqual(seriesAfter("biotop", ios.map((row) => ({ ...row, ios: 2 })), 1), { bytes: 9, ios: 3 });
  const calls = [{ func: "read: hit", calls: 61 }, { func: "read: other", calls: 4 }];
  assert.deepEqual(seriesAfter("readpath", calls, 1), { reads: NaN, hit_pct: NaN });
});

for (const { name, columns, graph, view } of ALL_TOOLS) {
  Deno.test(`${name} graphs only sums of columns that may be added`, () => {
    for (const entry of graph) {
      if (typeof entry !== "string") continue;
      const column = columns.find(({ key }) => key === entry);
      assert.ok(column && (view === "counters" || isAddable(column)), entry);
    }
  });
}

Deno.test("averages, bounds, ages, offsets and counts of functions that call each other are not added", () => {
  const added = (name: string): string[] =>
    ALL_TOOLS.find((tool) => tool.name === name)!.columns.filter(isAddable).map(({ key }) => key);
  assert.deepEqual(added("filetop"), ["reads", "writes", "read_bytes", "write_bytes"]);
  assert.deepEqual(added("fsslower"), ["bytes", "lat_ms"]);
  assert.deepEqual(added("biosnoop"), ["bytes", "queue_ms", "lat_ms"]);
  assert.deepEqual(added("runqslower"), ["lat_us"]);
  assert.deepEqual(added("fsdist"), ["count"]);
  assert.deepEqual(added("probes"), ["cpu_pct", "events", "run_time_ns", "missed"]);
  for (const name of ["filelife", "execsnoop", "dcsnoop", "readpath", "vfscount", "dirtop"]) {
    assert.deepEqual(added(name), [], name);
  }
});
