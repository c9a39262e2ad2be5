/**
 * Counters with their rates, now and over the last minutes.
 *
 * @module
 */
import { type Region, Style } from "../canvas/mod.ts";
import type { ArrangedPane } from "../layout/mod.ts";
import { scaleLabel } from "./scale.ts";
import { drawGauge, drawSparkline, scalePeak } from "./sparkline.ts";
import type { Symbols } from "./symbols.ts";
import { type Column, formatValue, type ToolModel, UNITS } from "../../model/mod.ts";
import { displayWidth } from "../../text/mod.ts";

/** Cells of a value. */
const VALUE_WIDTH = 8;
/** Minimum width of a sparkline. */
const MIN_SPARKLINE = 6;

function drawCounter(region: Region, column: Column, { tool, symbols, titleWidth }: {
  tool: ToolModel;
  symbols: Symbols;
  titleWidth: number;
}): void {
  const value = tool.tick?.rows[0]?.[column.key] ?? null;
  const text = formatValue(column, value, tool.tick?.intervalS ?? 1, VALUE_WIDTH);
  const line = region.line(0);
  line.put(0, column.title, Style.column);
  line.putLeftOf(titleWidth + 1 + VALUE_WIDTH, text, text === "0" || text === "-" ? Style.dim : Style.strong);
  const x = titleWidth + VALUE_WIDTH + 3;
  const graph = region.part({ x, y: 0, width: region.width - x, height: region.height });
  if (graph.width < MIN_SPARKLINE) return;
  const series = tool.series.get(column.key);
  const { axis } = UNITS[column.unit];
  if (axis === "pct") {
    if (typeof value === "number") drawGauge(graph, value / 100, symbols);
  } else if (series) {
    const peak = scalePeak(series, tool.times, tool.starts);
    drawSparkline(graph, { values: series, peak, newest: tool.tickCount, symbols });
    if (region.height > 1 && peak > 0) {
      region.line(1).putLeftOf(titleWidth + 1 + VALUE_WIDTH, `max ${scaleLabel(peak, axis)}`, Style.dim);
    }
  }
}

/** Draws the counters of a pane. */
export function drawCounters(
  region: Region,
  { tool, counters, counterBlocks, first }: ArrangedPane,
  symbols: Symbols,
): void {
  if (counters.length === 0 || region.height === 0) return;
  const { inBlock, rows, width, gap, capacity } = counterBlocks;
  const titleWidth = Math.max(...counters.map(({ title }) => displayWidth(title)));
  counters.slice(first, first + capacity).forEach((column, i) => {
    const block = Math.floor(i / inBlock);
    const rect = { x: block * (width + gap), y: (i % inBlock) * rows, width, height: rows };
    drawCounter(region.part(rect), column, { tool, symbols, titleWidth });
  });
}
