/**
 * What a zoomed pane shows of the past: graphs of its series, the heat map of its histogram.
 *
 * @module
 */
import { type Column, formatCell, isGauge, isList, type ToolModel, UNITS } from "../../model/mod.ts";
import { clamp, type Region } from "../canvas/mod.ts";
import { visibleCounters, visibleHistograms } from "../state/mod.ts";
import { drawGraphs, type Series } from "./graph.ts";
import { drawHeatMap } from "./heat_map.ts";
import type { PaneInput } from "./pane.ts";
import { scaleLabel } from "./scale.ts";

/** Cells of the newest value in a title. */
const VALUE_WIDTH = 8;

/** A counter's series; its title has its unit already. */
function counterSeries({ tool, tick, series }: ToolModel, { key, title, unit }: Column): Series {
  const column = tool.columns.find((one) => one.key === key) as Column;
  const value = formatCell(column, tick?.rows[0]?.[key] ?? null, tick?.intervalS ?? 1, VALUE_WIDTH);
  return { title, value, axis: UNITS[unit].axis, values: series.get(key) ?? [] };
}

/** The sum of a table's column over its rows, per second unless it is a level. */
function sumSeries({ tool, series }: ToolModel, key: string): Series {
  const column = tool.columns.find((column) => column.key === key);
  const { axis } = UNITS[column?.unit ?? "count"];
  const values = series.get(key) ?? [];
  const last = values.at(-1) ?? NaN;
  return {
    title: `${key.replaceAll("_", " ")}${column && isGauge(column) ? "" : "/s"}`,
    value: Number.isNaN(last) ? "-" : scaleLabel(last, axis),
    axis,
    values,
  };
}

/** Graphs of counters, or below a table those of its sums. False: no room. */
export function drawPaneGraphs(region: Region, { tool, pane, past, symbols }: PaneInput): boolean {
  const list = isList(tool.tool);
  const counters = visibleCounters(tool, pane).filter(({ key }) => tool.series.has(key));
  const series = list
    ? [...tool.series.keys()].map((key) => sumSeries(tool, key))
    : counters.map((column) => counterSeries(tool, column));
  return drawGraphs(region, { series, times: tool.times, top: list ? 0 : pane.selected, past, symbols });
}

/** The heat map of the selected histogram; of a table's the first. False: no room. */
export function drawPaneHeat(region: Region, { tool, pane, past, symbols }: PaneInput): boolean {
  const histograms = visibleHistograms(tool, isList(tool.tool) ? { ...pane, filter: "" } : pane);
  const index = isList(tool.tool) ? 0 : clamp(pane.selected, 0, histograms.length - 1);
  const label = histograms[index]?.label;
  if (label === undefined) return false;
  const place = histograms.length > 1 ? `  ${index + 1}/${histograms.length}` : "";
  return drawHeatMap(region, { tool, label, place, past, symbols });
}
