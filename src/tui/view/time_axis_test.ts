import assert from "node:assert/strict";
import { Grid, Region } from "../canvas/mod.ts";
import { columnLength, coveredColumns, timeColumns } from "../layout/mod.ts";
import { drawTimeAxis, durationLabel, niceDuration } from "./time_axis.ts";

const START = 1_763_661_600_000;
const ticks = (count: number, stepMs: number, jitter = 0): number[] =>
  Array.from({ length: count }, (_, i) => START + i * stepMs + (i * 7919 % 11 - 5) / 5 * jitter);

Deno.test("niceDuration() is the next round duration", () => {
  assert.deepEqual([1, 150, 1001, 16_000, 61_000, 3_000_000, 1e13].map(niceDuration), [
    100,
    200,
    2000,
    30_000,
    120_000,
    3_600_000,
    1e13,
  ]);
});

Deno.test("columnLength() is the next round number and never below the value", () => {
  assert.deepEqual([100, 900, 1000, 1001, 5300, 70_000].map(columnLength), [
    100,
    1000,
    1000,
    1200,
    6000,
    80_000,
  ]);
});

Deno.test("durationLabel() takes the largest unit that divides", () => {
  assert.deepEqual([500, 30_000, 90_000, 120_000, 690_000, 7_200_000, 86_400_000].map(durationLabel), [
    "0.5s",
    "30s",
    "90s",
    "2m",
    "11m30s",
    "2h",
    "1d",
  ]);
});

Deno.test("timeColumns() gives each tick its own column while there is room, also early and late ticks", () => {
  const times = ticks(60, 1000, 300);
  const columns = timeColumns(times, 100);
  assert.deepEqual(times.map(columns.columnOf), Array.from({ length: 60 }, (_, i) => 40 + i));
});

Deno.test("timeColumns() fits ten minutes into any width, the newest at the right", () => {
  const times = ticks(601, 1000);
  for (const width of [2, 7, 30, 113, 500]) {
    const columns = timeColumns(times, width);
    assert.ok(columns.columnOf(times[0]!) >= 0, `${width}`);
    assert.equal(columns.columnOf(times.at(-1)!), width - 1);
  }
});

Deno.test("timeColumns() leaves ticks together that were together a tick earlier", () => {
  const times = ticks(601, 1000);
  const groups = (upTo: number): string => {
    const now = times.slice(upTo - 500, upTo);
    const { columnOf } = timeColumns(now, 100);
    const shared = now.slice(10, -10);
    return shared.slice(1).map((time, i) => columnOf(time) - columnOf(shared[i]!)).join("");
  };
  assert.equal(groups(560).slice(1), groups(561).slice(0, -1));
});

Deno.test("coveredColumns() leaves no gap between ticks, and a gap while nothing ran", () => {
  const slow = [...ticks(10, 5000), ...ticks(50, 1000).map((time) => time + 46_000)];
  const columns = timeColumns(slow, 200);
  const seen = new Set(
    coveredColumns(slow, columns).flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, i) => from + i)
    ),
  );
  assert.equal(seen.size, 200 - columns.columnOf(slow[0]!));
  const gap = [...ticks(20, 1000), ...ticks(20, 1000).map((time) => time + 60_000)];
  const gapColumns = timeColumns(gap, 100);
  const covered = coveredColumns(gap, gapColumns).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  assert.ok(covered <= 43, `${covered}`);
});

Deno.test("drawTimeAxis() puts ages below the columns and now at the right", () => {
  const grid = new Grid(46, 1);
  drawTimeAxis(new Region(grid).line(0), timeColumns(ticks(601, 1000), 40), { x: 6, newest: null });
  const text = Array.from({ length: 46 }, (_, x) => grid.text(x)).join("");
  assert.equal(text, "            -10m            -5m            now");
});
