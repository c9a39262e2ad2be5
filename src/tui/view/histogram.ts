/**
 * Log2 histograms as bars.
 *
 * @module
 */
import type { Histogram } from "../../model/mod.ts";
import { displayWidth, humanCount } from "../../text/mod.ts";
import { type Region, Style } from "../canvas/mod.ts";
import { usedSlots } from "../layout/mod.ts";
import { drawGauge } from "./sparkline.ts";
import type { Symbols } from "./symbols.ts";

/** Nanoseconds in each unit of time that histograms use. */
const NANOSECONDS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };
const STEPS = ["ns", "us", "ms", "s"] as const;

/** A bound of a slot in at most five characters: `16us`, `1ms`, `131ms`; other units keep their count. */
export function boundLabel(value: number, unit: string): string {
  const size = NANOSECONDS[unit];
  if (size === undefined) return `${humanCount(value)}${unit}`;
  let step = STEPS.indexOf(unit as typeof STEPS[number]);
  let rest = value;
  while (rest >= 1000 && step < STEPS.length - 1) {
    rest /= 1000;
    step++;
  }
  return `${Math.floor(rest)}${STEPS[step]}`;
}

interface Bar {
  readonly label: string;
  readonly count: number;
}

/** One bar per slot; if not all fit, neighbours share a bar. */
function barsOf(histogram: Histogram, rows: number): Bar[] {
  const used = usedSlots(histogram);
  if (used === null || rows <= 0) return [];
  const { slots, unit } = histogram;
  let size = 1;
  while (Math.floor(used.last / size) - Math.floor(used.first / size) >= rows) size++;
  const bars: Bar[] = [];
  for (let from = used.first - used.first % size; from <= used.last; from += size) {
    const low = from === 0 ? 0 : 2 ** from;
    const label = `${boundLabel(low, unit)} - ${boundLabel(2 ** (from + size), unit)}`;
    const count = slots.slice(from, from + size).reduce((sum, value) => sum + value, 0);
    bars.push({ label, count });
  }
  return bars;
}

function drawOne(region: Region, histogram: Histogram, symbols: Symbols): void {
  const total = histogram.slots.reduce((sum, count) => sum + count, 0);
  const title = region.line(0);
  title.put(0, histogram.label, Style.column);
  title.putLeftOf(region.width, total > 0 ? humanCount(total) : "", Style.dim);
  const bars = barsOf(histogram, region.height - 1);
  if (bars.length === 0) region.line(1).put(0, "nothing measured yet", Style.dim);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const labelEnd = Math.max(0, ...bars.map(({ label }) => displayWidth(label)));
  const barStart = labelEnd + 8;
  bars.forEach(({ label, count }, i) => {
    const line = region.line(i + 1);
    line.putLeftOf(labelEnd, label, Style.dim);
    line.putLeftOf(labelEnd + 6, humanCount(count), count > 0 ? Style.text : Style.dim);
    const bar = region.part({ x: barStart, y: i + 1, width: region.width - barStart, height: 1 });
    drawGauge(bar, count / most, symbols);
    if (count > 0 && count / most * bar.width < 0.125) {
      bar.line(0).glyph(0, symbols.growing[0] as number, Style.barMiddle);
    }
  });
}

/** Draws histograms below each other, each with its label, while there is room for a label and two bars. */
export function drawHistograms(region: Region, histograms: readonly Histogram[], symbols: Symbols): void {
  const share = Math.max(3, Math.floor(region.height / Math.max(1, histograms.length)));
  histograms.slice(0, Math.max(1, Math.floor(region.height / share))).forEach((histogram, i) => {
    drawOne(region.part({ x: 0, y: i * share, width: region.width, height: share }), histogram, symbols);
  });
}
