/**
 * A series of rates as bars.
 *
 * @module
 */
import { type Region, Style, type StyleId } from "../canvas/mod.ts";
import type { Symbols } from "./symbols.ts";

/** Minimum end of a scale, so that an idle graph looks idle. */
const MIN_SCALE = 10;

/** The next of 1, 2, 5, 10, 20, … that is not below the value: a scale that rarely changes. */
export function niceCeiling(value: number): number {
  if (value <= MIN_SCALE) return MIN_SCALE;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => value <= factor * power) ?? 10;
  return step * power;
}

/**
 * Joins neighbouring values until at most `columns` are left, by the largest of each group, so that no peak is lost; NaN if none is known.
 * The whole history is seen at any width, and only the newest column changes from tick to tick.
 *
 * @param newest Running number of the newest value: groups start at multiples of their size, so that they stay the
 * same groups when old values are evicted.
 */
export function compress(values: readonly number[], columns: number, newest: number): number[] {
  if (columns <= 0) return [];
  const first = newest - values.length + 1;
  let size = 1;
  const groupOf = (i: number): number => Math.floor((first + i) / size) - Math.floor(first / size);
  while (values.length > 0 && groupOf(values.length - 1) >= columns) size *= 2;
  const groups: number[] = [];
  for (let i = 0; i < values.length;) {
    // The largest of a group, up to the next multiple of its size.
    const end = Math.min(values.length, (Math.floor((first + i) / size) + 1) * size - first);
    let most = NaN;
    for (; i < end; i++) if (!(values[i]! <= most) && !Number.isNaN(values[i])) most = values[i]!;
    groups.push(most);
  }
  return groups;
}

/** Colour of a bar by how far up it reaches, 0 to 1. */
function barStyle(reach: number): StyleId {
  return reach > 0.75 ? Style.barHigh : reach > 0.35 ? Style.barMiddle : Style.barLow;
}

/**
 * The largest of these values, without those of first intervals: the burst of a start must not flatten what follows. If there are no
 * others, the largest of all; 0 if there is none.
 */
export function scalePeak(
  values: readonly number[],
  times: readonly number[],
  starts: readonly number[],
): number {
  let peak = 0;
  let all = 0;
  let isKnown = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > all) all = value;
    const matters = value > peak || (!isKnown && !Number.isNaN(value));
    if (!matters || starts.includes(times[i]!)) continue;
    isKnown = true;
    if (value > peak) peak = value;
  }
  return isKnown ? peak : all;
}

/** What a sparkline shows. */
export interface SparklineInput {
  readonly values: readonly number[];
  /** The value of a full bar; larger ones are marked. Absent: the largest of all. */
  readonly peak?: number;
  /** See {@linkcode compress}. */
  readonly newest: number;
  readonly symbols: Symbols;
}

/** Draws the series over the whole region, the oldest at the left; several rows make taller bars. */
export function drawSparkline(region: Region, { values, peak, newest, symbols }: SparklineInput): void {
  const bars = compress(values, region.width, newest);
  drawBars(region, {
    bars,
    scale: peak ?? bars.reduce((most, bar) => bar > most ? bar : most, 0),
    symbols,
  });
}

/**
 * Draws a bar in each column, as tall as the region if it reaches the end of the scale, with a mark at its top if it goes beyond; a
 * baseline for 0, nothing for NaN.
 */
export function drawBars(region: Region, { bars, scale, symbols }: {
  bars: readonly number[];
  scale: number;
  symbols: Symbols;
}): void {
  const steps = symbols.rising.length;
  const total = steps * region.height;
  for (let x = 0; x < bars.length; x++) {
    const value = bars[x] as number;
    if (Number.isNaN(value)) continue;
    const level = value > 0 ? Math.max(1, Math.round(value / scale * total)) : 0;
    for (let row = 0; row < region.height; row++) {
      const line = region.line(region.height - 1 - row);
      const inRow = Math.min(steps, level - row * steps);
      if (inRow > 0) {
        const reach = (row * steps + inRow) / total;
        line.glyph(x, symbols.rising[inRow - 1] as number, barStyle(reach));
      } else if (row === 0) line.glyph(x, symbols.baseline, Style.barNone);
    }
    if (value > scale) region.line(0).glyph(x, symbols.beyond, Style.barHigh);
  }
}

/** Draws a share, 0 to 1, as a bar from the left of the region's last row. */
export function drawGauge(region: Region, share: number, symbols: Symbols): void {
  const line = region.line(region.height - 1);
  const parts = symbols.growing.length;
  const filled = Math.round(Math.max(0, Math.min(1, share)) * region.width * parts);
  const whole = Math.floor(filled / parts);
  line.repeat(symbols.growing[parts - 1] as number, Style.barMiddle, { from: 0, to: whole });
  if (filled % parts > 0) line.glyph(whole, symbols.growing[filled % parts - 1] as number, Style.barMiddle);
}
