/**
 * A histogram over time: time across, slots upwards, the more the darker.
 *
 * @module
 */
import type { ToolModel } from "../../model/mod.ts";
import { displayWidth, humanCount } from "../../text/mod.ts";
import { type Line, type Region, Style, type StyleId } from "../canvas/mod.ts";
import { type ArrangedHeat, AXIS_WIDTH, type HeatCells, timeColumns } from "../layout/mod.ts";
import { clamp } from "../state/mod.ts";
import { boundLabel } from "./histogram.ts";
import { niceCeiling } from "./sparkline.ts";
import type { Symbols } from "./symbols.ts";
import { drawTimeAxis } from "./time_axis.ts";

/** Maximum rows of one slot. */
const MAX_TALL = 4;

const HEAT: readonly StyleId[] = [Style.heat1, Style.heat2, Style.heat3, Style.heat4, Style.heat5];

/** What a heat map shows. */
export interface HeatInput {
  readonly tool: ToolModel;
  readonly heat: ArrangedHeat;
  /** It shows the past: the screen is paused, or this is a replay. */
  readonly past: boolean;
  readonly symbols: Symbols;
  /** Appended to the title. */
  readonly note?: string;
}

/** Minimum rates of the second, third, … shade up to the end of the scale, in equal logarithmic steps. */
export function heatSteps(most: number): number[] {
  const end = niceCeiling(most);
  return HEAT.slice(1).map((_, i) => end ** ((i + 1) / HEAT.length));
}

/** Index of the shade of a rate; −1 for none. */
export function heatLevel(rate: number, steps: readonly number[]): number {
  if (rate <= 0) return -1;
  let level = 0;
  while (level < steps.length && rate >= steps[level]!) level++;
  return level;
}

/** Joins neighbouring slots until they fit, from the shortest up: rows with the first slot of each. */
function rowsOf({ first, last, rates }: HeatCells, height: number): { slot: number; rates: Float64Array }[] {
  let size = 1;
  while (Math.floor(last / size) - Math.floor(first / size) >= height) size++;
  const rows: { slot: number; rates: Float64Array }[] = [];
  for (let slot = first - first % size; slot <= last; slot += size) {
    const sum = new Float64Array(rates[0]!.length);
    for (let one = Math.max(slot, first); one < Math.min(slot + size, last + 1); one++) {
      rates[one - first]!.forEach((rate, x) => sum[x]! += rate);
    }
    rows.push({ slot, rates: sum });
  }
  return rows;
}

function drawCells(line: Line, rates: Float64Array, { steps, symbols }: {
  steps: readonly number[];
  symbols: Symbols;
}): void {
  line.glyph(AXIS_WIDTH - 1, symbols.vertical, Style.barNone);
  rates.forEach((rate, x) => {
    const level = heatLevel(rate, steps);
    if (level >= 0) line.glyph(AXIS_WIDTH + x, symbols.shades[level]!, HEAT[level]!);
  });
}

/** Draws the legend of the shades, aligned to the right; as much of it as fits. */
function drawLegend(region: Region, from: number, { steps, symbols }: {
  steps: readonly number[];
  symbols: Symbols;
}): void {
  const line = region.line(0);
  const parts = symbols.shades.map((_, i) => i === 0 ? ">0" : humanCount(steps[i - 1]!));
  const width = parts.reduce((sum, text) => sum + displayWidth(text) + 3, 2);
  let x = region.width - width;
  if (x < from + 2) return;
  parts.forEach((text, i) => {
    x = line.glyph(x, symbols.shades[i]!, HEAT[i]!);
    x = line.put(x, ` ${text} `, Style.dim);
  });
  line.put(x, "/s", Style.dim);
}

/** Draws the heat map. */
export function drawHeatMap(region: Region, { tool, heat, past, symbols, note = "" }: HeatInput): void {
  const { label, index, total, columns, cells } = heat;
  const place = total > 1 ? `  ${index + 1}/${total}` : "";
  const titleEnd = region.line(0).put(region.line(0).put(0, label + note, Style.column), place, Style.dim);
  if (cells === null) {
    region.line(1).put(0, "nothing measured yet", Style.dim);
    return;
  }
  const rows = rowsOf(cells, region.height - 2);
  const steps = heatSteps(rows.reduce((most, row) => row.rates.reduce((a, b) => Math.max(a, b), most), 0));
  drawLegend(region, titleEnd, { steps, symbols });
  const tall = clamp(Math.floor((region.height - 2) / rows.length), 1, MAX_TALL);
  rows.toReversed().forEach((row, i) => {
    const bound = boundLabel(row.slot === 0 ? 0 : 2 ** row.slot, cells.unit);
    region.line((i + 1) * tall).putLeftOf(AXIS_WIDTH - 1, bound, Style.dim);
    for (let y = i * tall + 1; y <= (i + 1) * tall; y++) {
      drawCells(region.line(y), row.rates, { steps, symbols });
    }
  });
  const times = Array.from({ length: tool.pastTicks.length }, (_, i) => tool.pastTicks.timeAt(i) as number);
  const newest = past ? times.at(-1) ?? null : null;
  drawTimeAxis(region.line(rows.length * tall + 1), timeColumns(times, columns), { x: AXIS_WIDTH, newest });
}
