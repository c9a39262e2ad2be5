/**
 * Filters in a flood: the rows that match are kept, and the screen says how many others were not.
 *
 * @module
 */
import assert from "node:assert/strict";
import { OneTool } from "../../../tests/support/one_tool.ts";
import type { Row } from "../../model/mod.ts";

const open = (comm: string, path = "/a"): Row => ({ comm, path, err: 0, pid: 7, tid: 7 });
const flood = (count = 5000): Row[] => Array.from({ length: count }, () => open("flood"));
const file = (i: number): Row => ({
  tid: i,
  pid: i,
  comm: "dd",
  reads: 1000 - i,
  writes: 0,
  read_bytes: 0,
  write_bytes: 0,
  type: "R",
  file: `file-${i}`,
});

Deno.test("a filter that is set before a flood keeps the rare events, also in the past", () => {
  const screen = new OneTool("opensnoop").tick([open("old")]).press("/", ..."rare", "Enter");
  for (let i = 1; i <= 30; i++) screen.tick([open("rare", `/${i}`), ...flood()], 1000);
  const paths = Array.from({ length: 30 }, (_, i) => `/${30 - i}`);
  assert.deepEqual(screen.column("path"), paths);
  assert.match(screen.title, / 1\/s of 5k\/s ─╮$/);
  assert.doesNotMatch(screen.title, /dropped/);
  assert.deepEqual(screen.press("[").column("path"), paths.slice(1));
  assert.match(screen.title, / 1\/s of 5k\/s ─╮$/);
  assert.deepEqual(screen.press(..."[[[[").column("path"), paths.slice(5));
});

Deno.test("a filter that is set after a flood reports how many older rows it could not be applied to", () => {
  const screen = new OneTool("opensnoop", [120, 24]);
  for (let i = 0; i < 3; i++) screen.tick([open("rare"), ...flood()], 1000);
  screen.press("/", ..."rare", "Enter");
  assert.match(screen.lines.join("\n"), /no row matches the filter; 14k older rows were dropped/);
  assert.match(screen.title, / 5k\/s unfiltered ─╮$/);
  screen.tick(flood(), 1000);
  assert.match(screen.lines.join("\n"), /no row matches the filter; 14k older rows were dropped/);
  assert.match(screen.title, / 0\/s of 5k\/s ─╮$/);
});

Deno.test("an event pane that dropped events names the time of its oldest one", () => {
  const screen = new OneTool("opensnoop").tick([open("old")]);
  assert.doesNotMatch(screen.lines.join("\n"), /since/);
  screen.tick(flood(), 1000);
  assert.match(screen.lines.join("\n"), / 1\/1000 of 5k since \d\d:\d\d:01 /);
});

Deno.test("a filter of a table that is set before keeps its rows in the past, and a later one reports what was dropped", () => {
  const rows = Array.from({ length: 900 }, (_, i) => file(i));
  const screen = new OneTool("filetop", [120, 24]).tick(rows).press("/", ..."file-777", "Enter").tick(rows)
    .tick(rows);
  assert.deepEqual(screen.press("[").column("file"), ["file-777"]);
  assert.doesNotMatch(screen.title, /dropped/);
  screen.press("[");
  assert.deepEqual(screen.column("file"), []);
  assert.match(screen.lines.join("\n"), /no row matches the filter; 800 more rows were dropped/);
});

Deno.test("a past interval of a narrowed table without kept rows says how many rows were dropped, not that nothing happened", () => {
  const rows = Array.from({ length: 900 }, (_, i) => file(i));
  const screen = new OneTool("filetop", [120, 24]).tick(rows).tick([]).tick([file(777)]).narrow(777).press(
    "[",
  );
  assert.match(screen.lines.join("\n"), /nothing in this interval/);
  screen.press("[");
  assert.deepEqual(screen.column("file"), []);
  assert.match(screen.lines.join("\n"), /none of the rows that were kept; 800 more were dropped/);
});

/** 5000 requests that took 0 to 3 ms, and one, not among the newest thousand, that took longer. */
const requests = (slowestMs: number): Row[] =>
  Array.from({ length: 5000 }, (_, i) => ({ comm: "dd", pid: i, lat_ms: i === 1777 ? slowestMs : i % 4 }));

Deno.test("a list sorted by latency keeps the slowest requests of a flood, also in the past", () => {
  const screen = new OneTool("biosnoop").tick([]).press("s", "/", ..."LAT", "Enter");
  for (let second = 1; second <= 40; second++) screen.tick(requests(1000 + second), 1000);
  const slowest = Array.from({ length: 40 }, (_, i) => 1040 - i);
  assert.deepEqual(screen.column("lat_ms").slice(0, 42), [...slowest, 3, 3]);
  assert.equal(screen.column("lat_ms").length, 1000);
  assert.match(screen.title, / ─ 5k\/s ─╮$/);
  screen.press(..."[[[[[");
  assert.deepEqual(screen.column("lat_ms").slice(0, 36), [...slowest.slice(5), 3]);
  screen.press("r");
  assert.equal(screen.column("lat_ms")[0], 0);
});

Deno.test("a list sorted by latency still has the newest events, for the order of time", () => {
  const screen = new OneTool("biosnoop").tick([]).press("s", "/", ..."LAT", "Enter");
  for (let second = 1; second <= 3; second++) screen.tick(requests(1000 + second), 1000);
  const newest = Array.from({ length: 500 }, (_, i) => 4999 - i);
  assert.deepEqual(
    screen.press("s", "/", ..."TIME", "Enter").column("pid").slice(0, 500),
    newest,
  );
});

Deno.test("a filter and an order keep the rows that pass the filter and rank first", () => {
  const screen = new OneTool("biosnoop").tick([]).press("s", "/", ..."LAT", "Enter");
  screen.press("/", ..."comm=cp", "Enter");
  const copies = requests(7).map((row, i): Row => ({
    ...row,
    comm: i % 2 === 0 ? "cp" : "dd",
    lat_ms: 5000 - i,
  }));
  screen.tick(copies, 1000);
  assert.deepEqual(
    screen.column("lat_ms").slice(0, 333),
    Array.from({ length: 333 }, (_, i) => 5000 - 2 * i),
  );
  assert.match(screen.title, / 2\.5k\/s of 5k\/s ─╮$/);
});

Deno.test("a past interval of a table keeps the rows that are first in the chosen order", () => {
  const rows = Array.from({ length: 900 }, (_, i): Row => ({ ...file(i), writes: i }));
  const screen = new OneTool("filetop", [120, 24]).tick(rows).press("s", "/", ..."WRITES", "Enter");
  screen.tick(rows).tick(rows).press("[");
  assert.deepEqual(screen.column("writes").slice(0, 50), Array.from({ length: 50 }, (_, i) => 899 - i));
  assert.deepEqual(screen.column("writes").slice(50), Array.from({ length: 50 }, (_, i) => 49 - i));
});

Deno.test("a list names the time of its oldest event only while no later one is missing", () => {
  const screen = new OneTool("biosnoop").tick([]).press("s", "/", ..."LAT", "Enter");
  screen.tick(requests(1001), 1000).tick(requests(1002), 1000);
  assert.match(screen.lines.join("\n"), / 1\/1000, slowest and newest of 10k /);
  screen.press("s", "/", ..."BYTES", "Enter").tick(requests(1).slice(0, 100));
  assert.match(screen.lines.join("\n"), / 1\/1000, slowest, first by BYTES and newest of 10k /);
  const opens = new OneTool("opensnoop").tick([open("z")]).press("s", "/", ..."COMM", "Enter");
  opens.tick(flood(), 1000);
  assert.match(opens.lines.join("\n"), / 1\/1000, first by COMM and newest of 5k /);
  opens.press("s", "/", ..."TIME", "Enter");
  for (let second = 0; second < 2; second++) opens.tick(flood(), 1000);
  assert.match(opens.lines.join("\n"), / 1\/1000 of 15k since \d\d:\d\d:\d\d /);
});

Deno.test("the rate of a narrowed past interval counts only the rows of the process, and dropped rows are marked as perhaps its own", () => {
  const rare = { ...open("rare"), pid: 9, tid: 9 };
  const screen = new OneTool("opensnoop").tick([rare, rare, ...flood(50)]).tick([
    ...flood(),
    rare,
    rare,
    rare,
  ], 1000);
  screen.tick([]).narrow(9).press("[");
  assert.match(screen.title, / 4\.9k rows dropped, maybe of pid 9 ─.* 3\/s or more ─╮$/);
  screen.press("/", ..."path=/a", "Enter");
  assert.match(screen.title, / 3\/s or more ─╮$/);
  screen.press("Esc", "[");
  assert.match(screen.title, / 2\/s ─╮$/);
  assert.doesNotMatch(screen.title, /dropped/);
  screen.narrow(8).press("]");
  assert.match(screen.title, / 4\.9k rows dropped, maybe of pid 8 ─.* rate unknown ─╮$/);
  screen.narrow(null);
  assert.match(screen.title, / 4\.9k rows dropped ─.* 5k\/s ─╮$/);
});

const fast = (count = 3000): Row[] =>
  Array.from({ length: count }, (_, i): Row => ({ comm: "fastjob", pid: i, lat_ms: 0.1 + i / 1e5 }));

Deno.test("a filter hides rows but does not drop them: the slowest and the newest others are there without it, also in the past", () => {
  const screen = new OneTool("biosnoop").tick([]).press("s", "/", ..."LAT", "Enter");
  screen.press("/", ..."comm=fastjob", "Enter").tick([{ comm: "slowjob", pid: 9, lat_ms: 731.8 }]);
  for (let second = 0; second < 3; second++) {
    screen.tick([...fast(), { comm: "other", pid: second, lat_ms: 0.05 }], 1000);
  }
  assert.equal(screen.column("comm").includes("slowjob"), false);
  screen.press("Esc");
  assert.deepEqual([screen.pane.filter, screen.column("lat_ms")[0]], ["", 731.8]);
  assert.ok(screen.column("comm").includes("other"));
  for (let back = 0; back < 3; back++) {
    screen.press("[");
    assert.equal(screen.column("lat_ms")[0], 731.8, `${back + 1} intervals back`);
  }
});

Deno.test("events with a duration keep the slowest of ten minutes in any order, in the past as in the present", () => {
  const screen = new OneTool("biosnoop", [120, 24]).tick([{ comm: "slowjob", pid: 9, lat_ms: 685 }]);
  for (let second = 0; second < 4; second++) screen.tick(fast(), 1000);
  assert.match(screen.lines.join("\n"), / 1\/1000, slowest and newest of 12k /);
  screen.press("s", "/", ..."LAT", "Enter");
  const slowest = screen.column("lat_ms").slice(0, 6);
  assert.deepEqual(slowest, [685, 0.1 + 2999 / 1e5, ...Array(3).fill(0.1 + 2999 / 1e5), 0.1 + 2998 / 1e5]);
  screen.tick([]);
  screen.press("[");
  assert.deepEqual(screen.column("lat_ms").slice(0, 6), slowest);
  assert.match(screen.lines.join("\n"), / 1\/\d+, slowest and newest of 12k /);
});

Deno.test("a list of the past says how many rows it is a part of, also at later intervals", () => {
  const screen = new OneTool("opensnoop", [120, 24]).tick([]).tick(flood(3000), 1000).tick([open("late")])
    .tick([]);
  screen.press("[");
  assert.match(screen.lines.join("\n"), / 1\/101 of 3k since \d\d:/);
  screen.press("[");
  assert.match(screen.lines.join("\n"), / 1\/100 of 3k since \d\d:/);
});

Deno.test("a pane without a lower edge says in its title that its list is a part", () => {
  const screen = new OneTool("biosnoop", [70, 12]).tick([]);
  for (let second = 0; second < 4; second++) screen.tick(fast(), 1000);
  assert.match(screen.title, / 1\/1000 of 12k ─/);
});
