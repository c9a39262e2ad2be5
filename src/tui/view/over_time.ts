/**
 * What a zoomed pane shows of the past: graphs of its series, the heat map of its histogram.
 *
 * @module
 */
import { type Column, formatValue, isGauge, isList, type ToolModel, UNITS } from "../../model/mod.ts";
import type { Region } from "../canvas/mod.ts";
import type { ArrangedPane } from "../layout/mod.ts";
import { drawGraphs, type Series } from "./graph.ts";
import { drawHeatMap } from "./heat_map.ts";
import { scaleLabel } from "./scale.ts";
import type { Symbols } from "./symbols.ts";

/** How a pane's content is drawn. */
export interface Drawing {
  /** It shows the past: the screen is paused, or this is a replay. */
  readonly past: boolean;
  readonly symbols: Symbols;
  /** The keys that scroll to the columns at the left and the right, spelled for this terminal; none while an overlay is open. */
  readonly sideways: readonly string[];
}

/** Cells of the newest value in a title. */
const VALUE_WIDTH = 8;

/** A counter's series; its title has its unit already. */
function counterSeries({ tool, tick, series }: ToolModel, key: string): Series {
  const column = tool.columns.find((one) => one.key === key) as Column;
  const { title, unit } = column;
  const value = formatValue(column, tick?.rows[0]?.[key] ?? null, tick?.intervalS ?? 1, VALUE_WIDTH);
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

/** Draws the graphs of a pane, if it has any: of its counters, or of its table's sums. */
export function drawPaneGraphs(region: Region, pane: ArrangedPane, { past, symbols }: Drawing): boolean {
  const { tool, graphs } = pane;
  if (graphs === null) return false;
  const series = graphs.keys.map((key) =>
    isList(tool.tool) ? sumSeries(tool, key) : counterSeries(tool, key)
  );
  drawGraphs(region, { series, times: tool.times, place: graphs, past, symbols });
  return true;
}

/** Draws the heat map of a pane, if it has one. */
export function drawPaneHeat(region: Region, { tool, heat }: ArrangedPane, drawing: Drawing): boolean {
  if (heat === null) return false;
  drawHeatMap(region, { tool, heat, ...drawing });
  return true;
}
