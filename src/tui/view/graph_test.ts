import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { Grid, Region } from "../canvas/mod.ts";
import { arrangeGraphs, arrangePaneGraphs, timeColumns } from "../layout/mod.ts";
import { INITIAL_PANE, paneContent } from "../state/mod.ts";
import { columnValues, drawGraphs, type Series } from "./graph.ts";
import { symbolsFor } from "./symbols.ts";
import assert from "node:assert/strict";

const START = 1_763_661_600_000;
const times = (count: number): number[] => Array.from({ length: count }, (_, i) => START + i * 1000);
const series = (values: readonly number[], rest: Partial<Series> = {}): Series => ({
  title: "READ/s",
  value: "42",
  axis: "count",
  values,
  ...rest,
});

function draw(
  all: readonly Series[],
  width: number,
  height: number,
  { top = 0, ascii = false, starts = [] as readonly number[] } = {},
): string[] {
  const grid = new Grid(width, height, ascii);
  const count = Math.max(...all.map(({ values }) => values.length));
  const symbols = symbolsFor(ascii);
  const place = arrangeGraphs(grid, all.length, top);
  if (place === null) return [];
  drawGraphs(new Region(grid), { series: all, times: times(count), starts, place, past: false, symbols });
  return Array.from(
    { length: height },
    (_, y) => Array.from({ length: width }, (_, x) => grid.text(y * width + x)).join("").trimEnd(),
  );
}

Deno.test("drawGraphs() draws bars on a scale that ends at a round number, with time below", () => {
  const lines = draw([series([0, 5, 10, 15, 20, NaN, 20])], 26, 6);
  assert.deepEqual(lines, [
    "READ/s 42           max 20",
    "   20│                 █ █",
    "     │                ██ █",
    "     │               ███ █",
    "    0│             ▁████ █",
    "            -10s       now",
  ]);
});

Deno.test("drawGraphs() does not scale by the burst of a first interval, and marks its bar", () => {
  const values = [2000, 5, 10, 15, 20, NaN, 20];
  assert.deepEqual(draw([series(values)], 26, 6, { starts: [START] }).slice(0, 5), [
    "READ/s 42           max 2k",
    "   20│             ▲   █ █",
    "     │             █  ██ █",
    "     │             █ ███ █",
    "    0│             █████ █",
  ]);
  const [, top, , , bottom] = draw([series(values)], 26, 6);
  assert.deepEqual([top, bottom], ["   2k│             █", "    0│             █▁▁▁▁ ▁"]);
});

Deno.test("drawGraphs() draws only ASCII on an ASCII terminal", () => {
  const text = draw([series([0, 5, 10, 15, 20, 3, 20])], 30, 6, { ascii: true }).join("");
  assert.match(text, /^[\x20-\x7e]+$/);
  assert.match(text, /@/);
});

Deno.test("drawGraphs() shows as many graphs as have room, from the chosen one on", () => {
  const all = ["A", "B", "C", "D"].map((title) => series([1, 2, 3], { title }));
  const titles = (top: number): string =>
    draw(all, 30, 7, { top }).filter((line) => /^[A-D]/.test(line)).map((line) => line[0]).join("");
  assert.equal(titles(0), "AB");
  assert.equal(titles(1), "BC");
  assert.equal(titles(9), "CD");
});

Deno.test("arrangePaneGraphs() returns no graphs when there is no room, or nothing was measured yet", () => {
  assert.deepEqual(draw([series([1])], 19, 10), []);
  assert.deepEqual(draw([series([1])], 40, 3), []);
  const monitor = new FakeMonitor();
  const graphs = (): unknown =>
    arrangePaneGraphs(paneContent(monitor.model().tools[1]!, INITIAL_PANE), { width: 40, height: 10 });
  assert.equal(graphs(), null);
  monitor.attach();
  monitor.tick();
  assert.notEqual(graphs(), null);
});

Deno.test("arrangeGraphs() fills wide screens with few columns of tall graphs and never leaves the region", () => {
  for (const count of [1, 2, 3, 4, 8, 25]) {
    for (const [width, height] of [[20, 4], [36, 9], [116, 36], [496, 196], [76, 20]] as const) {
      const place = arrangeGraphs({ width, height }, count);
      assert.ok(place, `${width}×${height}`);
      assert.ok(place.across * (place.width + 2) - 2 <= width && place.down * place.height + 1 <= height);
      assert.ok(place.height >= 3 && place.width >= 20);
    }
  }
  assert.equal(arrangeGraphs({ width: 116, height: 36 }, 8)?.across, 2);
});

Deno.test("columnValues() keeps the largest of several values, or the smallest of shares", () => {
  const at = times(100);
  const values = at.map((_, i) => i === 42 ? 90 : 50);
  const columns = timeColumns(at, 20);
  const peaks = columnValues({ values, axis: "count" }, at, columns);
  assert.equal(peaks.filter((value) => value === 90).length, 1);
  const drops = columnValues({ values: values.map((value) => 100 - value), axis: "pct" }, at, columns);
  assert.equal(drops.filter((value) => value === 10).length, 1);
});
