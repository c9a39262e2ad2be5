import { Grid, Region, Style } from "../canvas/mod.ts";
import { arrangeHeat, heatCells } from "../layout/mod.ts";
import { INITIAL_PANE, paneContent } from "../state/mod.ts";
import { drawHeatMap, heatLevel, heatSteps } from "./heat_map.ts";
import { symbolsFor } from "./symbols.ts";
import assert from "node:assert/strict";
import type { Tick, ToolModel } from "../../model/mod.ts";
import { addTick, NO_HISTORY, toolModel } from "../../monitor/mod.ts";
import { runqlat } from "../../../tests/support/fake_tools.ts";

const START = 1_763_661_600_000;

/** A tool that has had these slots, one list a second. */
function counted(slots: readonly (readonly number[])[], label = "delay"): ToolModel {
  let history = NO_HISTORY;
  let tick: Tick | null = null;
  slots.forEach((counts, i) => {
    tick = {
      tool: "runqlat",
      time: START + i * 1000,
      intervalS: 1,
      tier: "tracepoint",
      rows: [],
      histograms: [{ label, unit: "us", slots: counts }],
      lost: { events: 0, keys: 0, runs: 0 },
    };
    history = addTick(history, tick, runqlat);
  });
  const state = { kind: "running", tier: "tracepoint", missing: [] } as const;
  return toolModel({ tool: runqlat, state, tick, history });
}

function draw(
  tool: ToolModel,
  width: number,
  height: number,
  ascii = false,
): { lines: string[]; grid: Grid } {
  const grid = new Grid(width, height, ascii);
  const heat = arrangeHeat(paneContent(tool, INITIAL_PANE), grid)!;
  drawHeatMap(new Region(grid), { tool, heat, past: false, symbols: symbolsFor(ascii) });
  const line = (y: number): string =>
    Array.from({ length: width }, (_, x) => grid.text(y * width + x)).join("").trimEnd();
  return { lines: Array.from({ length: height }, (_, y) => line(y)), grid };
}

Deno.test("heatCells() returns the counts of each second in its column, between the first and the last slot used", () => {
  const cells = heatCells(counted([[0, 0, 3, 0], [0, 7, 0, 0], [0, 0, 0, 0]]), "delay", 5);
  assert.equal(cells?.first, 1);
  assert.equal(cells?.last, 2);
  assert.deepEqual(cells?.rates.map((row) => [...row]), [[0, 0, 0, 7, 0], [0, 0, 3, 0, 0]]);
});

Deno.test("heatCells() returns the mean rate when several seconds share a column", () => {
  const cells = heatCells(
    counted(Array.from({ length: 100 }, (_, i) => [i % 2 === 0 ? 6 : 0])),
    "delay",
    10,
  );
  for (const rate of cells!.rates[0]!.slice(1, -1)) assert.ok(rate >= 2 && rate <= 4, `${rate}`);
});

Deno.test("heatCells() is null when nothing was counted, or the label is unknown", () => {
  assert.equal(heatCells(counted([[0, 0], [0, 0]]), "delay", 5), null);
  assert.equal(heatCells(counted([[5]]), "other", 5), null);
});

Deno.test("heatLevel() goes up in equal steps of the logarithm, and from nothing to the first shade at once", () => {
  const steps = heatSteps(100_000);
  assert.deepEqual(steps.map(Math.round), [10, 100, 1000, 10_000]);
  assert.deepEqual([0, 0.01, 9, 11, 500, 5000, 99_999, 1e9].map((rate) => heatLevel(rate, steps)), [
    -1,
    0,
    0,
    1,
    2,
    3,
    4,
    4,
  ]);
});

Deno.test("drawHeatMap() puts slots upwards, time across, a legend above and ages below", () => {
  const slots = Array.from({ length: 30 }, (_, i) => i === 10 ? [0, 0, 0, 0, 90_000] : [0, 0, 20]);
  const { lines, grid } = draw(counted(slots), 60, 6);
  assert.match(lines[0]!, /^delay +· >0 ░ 10 ▒ 100 ▓ 1k █ 10k \/s$/);
  assert.match(lines[1]!, /^ 16us│ +█ *$/);
  assert.match(lines[2]!, /^ {2}8us│ *$/);
  assert.match(lines[3]!, /^ {2}4us│ +░{10} ░{19}$/);
  assert.match(lines[4]!, /^ +-50s +-40s +-30s +-20s +-10s +now$/);
  const hot = lines[1]!.indexOf("█");
  assert.equal(grid.style(60 + hot), Style.heat5);
});

Deno.test("drawHeatMap() makes slots up to four rows tall when there is room", () => {
  const { lines } = draw(counted([[0, 5, 5]]), 30, 40);
  const labels = lines.slice(1, 9).map((line) => line.slice(0, 5).trim());
  assert.deepEqual(labels, ["", "", "", "4us", "", "", "", "2us"]);
  assert.match(lines[9]!, /now$/);
  for (const line of lines.slice(1, 9)) assert.match(line, /│ +▓$/);
});

Deno.test("drawHeatMap() joins neighbouring slots when there are more than rows, and loses no count", () => {
  const { lines } = draw(counted([Array.from({ length: 16 }, () => 1)]), 40, 6);
  assert.deepEqual(lines.slice(1, 5).map((line) => line.trim().slice(0, 6).split("│")[0]), [
    "4ms",
    "256us",
    "16us",
    "0us",
  ]);
  for (const line of lines.slice(1, 5)) assert.match(line, /[·░▒▓█]$/);
});

Deno.test("drawHeatMap() draws ASCII of increasing density on an ASCII terminal", () => {
  const { lines } = draw(counted([[1, 10, 100, 1000, 10_000]]), 60, 8, true);
  assert.match(lines.join(""), /^[\x20-\x7e]+$/);
  assert.deepEqual(lines.slice(1, 6).map((line) => line.at(-1)), ["#", "*", "+", ":", "."]);
});

Deno.test("drawHeatMap() reports that nothing was measured yet, and arrangeHeat() returns null for a region without room", () => {
  assert.match(draw(counted([[0]]), 40, 6).lines[1]!, /nothing measured yet/);
  for (const [width, height] of [[19, 10], [40, 2]] as const) {
    assert.equal(arrangeHeat(paneContent(counted([[5]]), INITIAL_PANE), { width, height }), null);
  }
});
