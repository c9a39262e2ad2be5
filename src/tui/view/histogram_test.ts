import assert from "node:assert/strict";
import type { Histogram } from "../../model/mod.ts";
import { Grid, Region } from "../canvas/mod.ts";
import { boundLabel, drawHistograms } from "./histogram.ts";
import { symbolsFor } from "./symbols.ts";

function draw(histograms: readonly Histogram[], width: number, height: number): string[] {
  const grid = new Grid(width, height);
  drawHistograms(new Region(grid), histograms, symbolsFor(false));
  return Array.from(
    { length: height },
    (_, y) => Array.from({ length: width }, (_, x) => grid.text(y * width + x)).join("").trimEnd(),
  );
}

Deno.test("drawHistograms() draws a bar for each slot between the first and the last that counted", () => {
  assert.deepEqual(draw([{ label: "delay", unit: "us", slots: [0, 0, 4, 0, 8, 1, 0] }], 34, 6), [
    "delay                           13",
    "  4us - 8us     4  ███████▌",
    " 8us - 16us     0",
    "16us - 32us     8  ███████████████",
    "32us - 64us     1  █▉",
    "",
  ]);
});

Deno.test("drawHistograms() joins neighbours when there are more slots than rows, and loses no count", () => {
  const slots = Array.from({ length: 16 }, () => 1);
  const lines = draw([{ label: "delay", unit: "us", slots }], 40, 5);
  assert.deepEqual(lines.slice(1).map((line) => line.slice(0, 20).trim().replace(/\s+█.*/, "")), [
    "0us - 16us     4",
    "16us - 256us     4",
    "256us - 4ms     4",
    "4ms - 65ms     4",
  ]);
});

Deno.test("drawHistograms() shows a count that is too small for the bar as its thinnest", () => {
  assert.match(draw([{ label: "x", unit: "us", slots: [1e6, 1] }], 40, 3)[2] as string, /1 {2}▏$/);
});

Deno.test("drawHistograms() reports that nothing was measured yet", () => {
  assert.equal(draw([{ label: "x", unit: "us", slots: [0, 0] }], 40, 3)[1], "nothing measured yet");
});

Deno.test("boundLabel() shows times in their largest unit", () => {
  assert.deepEqual([0, 1, 512, 1024, 16384, 1048576].map((us) => boundLabel(us, "us")), [
    "0us",
    "1us",
    "512us",
    "1ms",
    "16ms",
    "1s",
  ]);
  assert.equal(boundLabel(4096, "B"), "4.1kB");
});
