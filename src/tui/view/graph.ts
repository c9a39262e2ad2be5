/**
 * Series over time, with axes: what a zoomed pane shows of its counters, and below its table.
 *
 * @module
 */
import type { Axis } from "../../model/mod.ts";
import { displayWidth } from "../../text/mod.ts";
import { type Region, Style } from "../canvas/mod.ts";
import {
  AXIS_WIDTH,
  coveredColumns,
  GRAPH_GAP,
  type GraphArrangement,
  type TimeColumns,
  timeColumns,
} from "../layout/mod.ts";
import { scaleEnd, scaleLabel, scaleParts } from "./scale.ts";
import { drawBars, scalePeak } from "./sparkline.ts";
import type { Symbols } from "./symbols.ts";
import { drawTimeAxis } from "./time_axis.ts";

/** One series. */
export interface Series {
  /** With its unit: `READ/s`. */
  readonly title: string;
  /** The newest value as text. */
  readonly value: string;
  readonly axis: Axis;
  /** One for each time; NaN: unknown. */
  readonly values: readonly number[];
}

/** What graphs are drawn from. */
export interface GraphsInput {
  readonly series: readonly Series[];
  /** Milliseconds, oldest first. */
  readonly times: readonly number[];
  /** The times of first intervals, whose values do not set a scale. */
  readonly starts: readonly number[];
  readonly place: GraphArrangement;
  /** The newest value is from the past: its clock time is shown instead of "now". */
  readonly past: boolean;
  readonly symbols: Symbols;
}

/**
 * The extreme value of each column: the largest, or for shares the smallest, so that no peak and no drop of a hit rate is
 * lost. NaN if there is none.
 */
export function columnValues(
  { values, axis }: Pick<Series, "values" | "axis">,
  times: readonly number[],
  columns: TimeColumns,
): number[] {
  const sign = axis === "pct" ? -1 : 1;
  const out = new Array<number>(columns.count).fill(NaN);
  coveredColumns(times, columns).forEach(({ from, to }, i) => {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) return;
    for (let x = Math.max(0, from); x <= to; x++) {
      const known = out[x] as number;
      out[x] = sign * value > sign * known || Number.isNaN(known) ? value : known;
    }
  });
  return out;
}

function drawTitle(region: Region, { title, value, axis }: Series, bars: readonly number[]): void {
  const line = region.line(0);
  const end = line.put(line.put(0, `${title} `, Style.column), value, Style.strong);
  const known = bars.filter((bar) => !Number.isNaN(bar));
  if (known.length === 0) return;
  const most = axis === "pct"
    ? `min ${scaleLabel(Math.min(...known), axis)}`
    : `max ${scaleLabel(Math.max(...known), axis)}`;
  if (end + 2 + displayWidth(most) <= region.width) line.putLeftOf(region.width, most, Style.dim);
}

function drawOne(region: Region, series: Series, input: GraphsInput): void {
  const { times, starts, symbols } = input;
  const rows = region.height - 1;
  const columns = timeColumns(times, region.width - AXIS_WIDTH);
  const bars = columnValues(series, times, columns);
  const end = scaleEnd(scalePeak(series.values, times, starts), series.axis);
  drawTitle(region, series, bars);
  const parts = scaleParts(rows);
  for (let row = 0; row < rows; row++) {
    const line = region.line(row + 1);
    if (row * parts % rows === 0) {
      const label = scaleLabel(end * (1 - row / rows), series.axis);
      line.putLeftOf(AXIS_WIDTH - 1, label, Style.dim);
    }
    if (row === rows - 1 && rows > 2) line.putLeftOf(AXIS_WIDTH - 1, "0", Style.dim);
    line.glyph(AXIS_WIDTH - 1, symbols.vertical, Style.barNone);
  }
  const plot = { x: AXIS_WIDTH, y: 1, width: columns.count, height: rows };
  drawBars(region.part(plot), { bars, scale: end, symbols });
}

/** Draws graphs with one axis of time below them. */
export function drawGraphs(region: Region, input: GraphsInput): void {
  const { series, times, place, past } = input;
  const { across, down, width, height, first } = place;
  series.slice(first, first + across * down).forEach((one, i) => {
    const x = Math.floor(i / down) * (width + GRAPH_GAP);
    drawOne(region.part({ x, y: (i % down) * height, width, height }), one, input);
  });
  const newest = past ? times.at(-1) ?? null : null;
  const columns = timeColumns(times, width - AXIS_WIDTH);
  for (let i = 0; i < Math.min(across, Math.ceil(series.length / down)); i++) {
    const axis = region.part({ x: i * (width + GRAPH_GAP), y: down * height, width, height: 1 });
    drawTimeAxis(axis.line(0), columns, { x: AXIS_WIDTH, newest });
  }
}
