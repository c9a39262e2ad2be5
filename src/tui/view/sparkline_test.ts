import assert from "node:assert/strict";
import { Grid, Region } from "../canvas/mod.ts";
import { compress, drawGauge, drawSparkline, niceCeiling, scalePeak } from "./sparkline.ts";
import { symbolsFor } from "./symbols.ts";

function rows(grid: Grid): string[] {
  return Array.from(
    { length: grid.height },
    (_, y) => Array.from({ length: grid.width }, (_, x) => grid.text(y * grid.width + x)).join(""),
  );
}

function sparkline(values: readonly number[], width: number, { height = 1, ascii = false } = {}): string[] {
  const grid = new Grid(width, height);
  drawSparkline(new Region(grid), { values, newest: values.length, symbols: symbolsFor(ascii) });
  return rows(grid);
}

Deno.test("drawSparkline() fills the region at the maximum, and draws a baseline for 0 and nothing for the unknown", () => {
  assert.deepEqual(sparkline([0, 1, 50, 100], 6), ["▁▁▄█  "]);
  assert.deepEqual(sparkline([0, 1, 50, 100], 4, { ascii: true }), ["_.=@"]);
  assert.deepEqual(sparkline([0, 25, 50, 100], 4, { height: 2 }), ["   █", "▁▄██"]);
  assert.deepEqual(sparkline([0, NaN, 18, 63], 4), ["▁ ▂█"]);
  assert.deepEqual(sparkline([0, 1, 0, 1], 4), ["▁█▁█"]);
  assert.deepEqual(sparkline([0, 0], 2), ["▁▁"]);
});

Deno.test("drawSparkline() marks values beyond the scale, and scalePeak() leaves out first intervals", () => {
  const grid = new Grid(5, 1);
  const values = [900, 10, 20, 30, 800];
  const peak = scalePeak(values, [1, 2, 3, 4, 5], [1, 5]);
  drawSparkline(new Region(grid), { values, peak, newest: 5, symbols: symbolsFor(false) });
  assert.deepEqual([peak, rows(grid)], [30, ["▲▃▅█▲"]]);
  assert.equal(scalePeak([NaN, 5], [1, 2], [2]), 5);
  assert.equal(scalePeak([], [], []), 0);
});

Deno.test("niceCeiling() is the next of 1, 2, 5 times a power of ten", () => {
  assert.deepEqual([0, 10, 11, 20, 21, 51, 100, 101, 4321].map(niceCeiling), [
    10,
    10,
    20,
    20,
    50,
    100,
    100,
    200,
    5000,
  ]);
});

Deno.test("compress() keeps every peak when there are more values than columns", () => {
  const values = Array.from({ length: 100 }, (_, i) => i === 42 ? 9 : 1);
  const groups = compress(values, 30, 99);
  assert.ok(groups.length <= 30);
  assert.equal(groups.filter((value) => value === 9).length, 1);
});

Deno.test("compress() changes only the newest column from tick to tick while the history grows", () => {
  const values = Array.from({ length: 80 }, (_, i) => (i * 37) % 11);
  for (let count = 41; count < 79; count++) {
    const before = compress(values.slice(0, count), 40, 1000 + count);
    const after = compress(values.slice(0, count + 1), 40, 1001 + count);
    assert.deepEqual(after.slice(0, before.length - 1), before.slice(0, -1), `at ${count}`);
  }
});

Deno.test("compress() keeps the same groups when the oldest values are evicted", () => {
  const values = Array.from({ length: 200 }, (_, i) => (i * 37) % 101);
  const before = compress(values.slice(0, 100), 30, 99);
  const after = compress(values.slice(8, 108), 30, 107);
  assert.deepEqual(after.slice(0, before.length - 2), before.slice(2));
});

Deno.test("compress() keeps unknown values unknown", () => {
  assert.deepEqual(compress([NaN, 3, NaN, NaN], 4, 3), [NaN, 3, NaN, NaN]);
});

Deno.test("drawGauge() fills the share, in eighths of a cell", () => {
  const draw = (share: number): string => {
    const grid = new Grid(4, 1);
    drawGauge(new Region(grid), share, symbolsFor(false));
    return rows(grid)[0] as string;
  };
  assert.deepEqual([0, 0.5, 0.53125, 1, 7].map(draw), ["    ", "██  ", "██▏ ", "████", "████"]);
});
