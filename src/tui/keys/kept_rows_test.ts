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
  assert.match(screen.lines.join("\n"), / 1\/1000 since \d\d:\d\d:01 /);
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
