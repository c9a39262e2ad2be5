/**
 * A histogram over time: time across, slots upwards, the more the darker.
 *
 * @module
 */
import type { TickHistory, ToolModel } from "../../model/mod.ts";
import { humanCount } from "../../text/mod.ts";
import { displayWidth } from "../../text/width.ts";
import { clamp, type Line, type Region, Style, type StyleId } from "../canvas/mod.ts";
import { boundLabel } from "./histogram.ts";
import { niceCeiling } from "./sparkline.ts";
import type { Symbols } from "./symbols.ts";
import { coveredColumns, drawTimeAxis, timeColumns } from "./time_axis.ts";

/** Cells of the labels at the left, and of the line beside them. */
const LABEL_WIDTH = 6;
/** Title and legend, axis of time, and a row of cells. */
const MIN_ROWS = 3;
const MIN_WIDTH = 20;
/** Most rows of one slot where there is room. */
const MAX_TALL = 4;

const HEAT: readonly StyleId[] = [Style.heat1, Style.heat2, Style.heat3, Style.heat4, Style.heat5];

/** What a heat map shows. */
export interface HeatInput {
  readonly tool: ToolModel;
  /** Label of the histogram. */
  readonly label: string;
  /** Which of how many, for the title; empty where there is one. */
  readonly place: string;
  readonly past: boolean;
  readonly symbols: Symbols;
}

/** Counts per second by slot and column. */
export interface HeatCells {
  /** Unit of the slots' bounds. */
  readonly unit: string;
  /** Slots between the first and the last that counted. */
  readonly first: number;
  readonly last: number;
  /** `rates[slot - first][column]`. */
  readonly rates: readonly Float64Array[];
}

/** The histogram with this label in each tick, with the length of the tick in seconds. */
function slotsOf(
  kept: TickHistory,
  label: string,
): { slots: readonly number[]; intervalS: number; unit: string }[] {
  return Array.from({ length: kept.length }, (_, i) => {
    const tick = kept.summaryAt(i)?.tick;
    const histogram = tick?.histograms?.find((one) => one.label === label);
    return { slots: histogram?.slots ?? [], unit: histogram?.unit ?? "", intervalS: tick?.intervalS || 1 };
  });
}

function computeCells(kept: TickHistory, label: string, width: number): HeatCells | null {
  const ticks = slotsOf(kept, label);
  const used = ticks.flatMap(({ slots }) => {
    const first = slots.findIndex((count) => count > 0);
    return first < 0 ? [] : [first, slots.findLastIndex((count) => count > 0)];
  });
  if (used.length === 0) return null;
  const first = Math.min(...used);
  const last = Math.max(...used);
  const times = ticks.map((_, i) => kept.timeAt(i) as number);
  const rates = Array.from({ length: last - first + 1 }, () => new Float64Array(width));
  const covering = new Float64Array(width);
  coveredColumns(times, timeColumns(times, width)).forEach(({ from, to }, i) => {
    const { slots, intervalS } = ticks[i]!;
    for (let x = Math.max(0, from); x <= to; x++) {
      covering[x]! += 1;
      for (let slot = first; slot <= last; slot++) rates[slot - first]![x]! += (slots[slot] ?? 0) / intervalS;
    }
  });
  for (const row of rates) row.forEach((sum, x) => row[x] = covering[x]! > 0 ? sum / covering[x]! : 0);
  return { unit: ticks.find(({ unit }) => unit !== "")?.unit ?? "", first, last, rates };
}

/** The last answer for each list of ticks: a key that moves something else does not count them again. */
const answers = new WeakMap<TickHistory, { label: string; width: number; cells: HeatCells | null }>();

/** The mean rate of each slot in each of `width` columns of time; null when nothing was counted. */
export function heatCells(kept: TickHistory, label: string, width: number): HeatCells | null {
  const known = answers.get(kept);
  if (known && known.label === label && known.width === width) return known.cells;
  const cells = computeCells(kept, label, width);
  answers.set(kept, { label, width, cells });
  return cells;
}

/** Rates from which on a cell has the second, third, … shade, up to the end of the scale: equal steps of its logarithm. */
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

/** Joins neighbouring slots until they fit, from the shortest up: rows with the slot each begins at. */
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
  line.glyph(LABEL_WIDTH - 1, symbols.vertical, Style.barNone);
  rates.forEach((rate, x) => {
    const level = heatLevel(rate, steps);
    if (level >= 0) line.glyph(LABEL_WIDTH + x, symbols.shades[level]!, HEAT[level]!);
  });
}

/** Draws what the shades mean, ending at the right; as much as there is room for. */
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

/**
 * Draws the heat map.
 *
 * @returns False where there is no room for it.
 */
export function drawHeatMap(region: Region, { tool, label, place, past, symbols }: HeatInput): boolean {
  const { width, height } = region;
  if (width < MIN_WIDTH || height < MIN_ROWS) return false;
  const count = width - LABEL_WIDTH;
  const cells = heatCells(tool.pastTicks, label, count);
  const titleEnd = region.line(0).put(region.line(0).put(0, label, Style.column), place, Style.dim);
  if (cells === null) {
    region.line(1).put(0, "nothing measured yet", Style.dim);
    return true;
  }
  const rows = rowsOf(cells, height - 2);
  const steps = heatSteps(rows.reduce((most, row) => row.rates.reduce((a, b) => Math.max(a, b), most), 0));
  drawLegend(region, titleEnd, { steps, symbols });
  const tall = clamp(Math.floor((height - 2) / rows.length), 1, MAX_TALL);
  rows.toReversed().forEach((row, i) => {
    const bound = boundLabel(row.slot === 0 ? 0 : 2 ** row.slot, cells.unit);
    region.line((i + 1) * tall).putLeftOf(LABEL_WIDTH - 1, bound, Style.dim);
    for (let y = i * tall + 1; y <= (i + 1) * tall; y++) {
      drawCells(region.line(y), row.rates, { steps, symbols });
    }
  });
  const times = Array.from({ length: tool.pastTicks.length }, (_, i) => tool.pastTicks.timeAt(i) as number);
  const newest = past ? times.at(-1) ?? null : null;
  drawTimeAxis(region.line(rows.length * tall + 1), timeColumns(times, count), { x: LABEL_WIDTH, newest });
  return true;
}
