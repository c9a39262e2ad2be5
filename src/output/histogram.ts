/**
 * Log2 histograms as text, in the layout of BCC's print_log2_hist.
 *
 * @module
 */
import type { Histogram } from "../model/mod.ts";

/** Cells of the longest bar. */
const BAR_WIDTH = 40;

/** Bounds of a slot: 0 to 1 for slot 0, 2^i to 2^(i+1) − 1 for slot i. The kernel's last slot also counts all larger values. */
export function slotBounds(slot: number): { low: number; high: number } {
  return { low: slot === 0 ? 0 : 2 ** slot, high: 2 ** (slot + 1) - 1 };
}

/** Lines of one histogram, up to the highest slot with a count; none if it is empty. */
export function histogramLines(histogram: Histogram): string[] {
  const last = histogram.slots.findLastIndex((count) => count > 0);
  if (last < 0) return [];
  const maxCount = Math.max(...histogram.slots);
  const lines = [`${histogram.label.padStart(23)} (${histogram.unit})  : count     distribution`];
  for (let slot = 0; slot <= last; slot++) {
    const { low, high } = slotBounds(slot);
    const count = histogram.slots[slot] ?? 0;
    const bar = "*".repeat(Math.round((count / maxCount) * BAR_WIDTH)).padEnd(BAR_WIDTH);
    lines.push(
      `${String(low).padStart(12)} -> ${String(high).padEnd(12)}: ${String(count).padEnd(9)}|${bar}|`,
    );
  }
  return [...lines, ...summaryLines(histogram)];
}

/** Average, total and count, as BCC's `-e` prints them. */
function summaryLines({ sum, unit, slots }: Histogram): string[] {
  if (sum === undefined) return [];
  const count = slots.reduce((total, count) => total + count, 0);
  return ["", `avg = ${Math.round(sum / count)} ${unit}, total: ${Math.round(sum)} ${unit}, count: ${count}`];
}
