/**
 * What a zoomed pane shows of the past: graphs of its series, the heat map of its histogram.
 *
 * @module
 */
import {
  type Column,
  formatValue,
  type GraphSeries,
  isGauge,
  isList,
  type Restrictions,
  type ToolInfo,
  type ToolModel,
  UNITS,
} from "../../model/mod.ts";
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
  /** The command that is measured has ended. */
  readonly commandEnded: boolean;
  /** What the command line restricts. */
  readonly restrictions: Restrictions;
  /** What is appended to the titles of the graphs and heat map of a list: what they cover, if that is more than its rows. */
  readonly note?: string;
  /** How many panes there are, if some do not fit on the screen; else null. */
  readonly paneCount: number | null;
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

/** What a series of a list is called and measures: one of the tool's own, or the sum of a column. */
function seriesNamed(tool: ToolInfo, key: string): Pick<Series, "title" | "axis"> {
  const own = tool.graph.find((entry) => typeof entry !== "string" && entry.key === key) as
    | GraphSeries
    | undefined;
  const column = tool.columns.find((column) => column.key === key);
  const unit = UNITS[own?.unit ?? column?.unit ?? "count"];
  const level = own ? unit.graph === "level" : column !== undefined && isGauge(column);
  return { title: `${own?.title ?? key.replaceAll("_", " ")}${level ? "" : "/s"}`, axis: unit.axis };
}

/** A series of a list: of all its rows together, per second unless it is a level. */
function listSeries({ tool, series }: ToolModel, key: string): Series {
  const named = seriesNamed(tool, key);
  const values = series.get(key) ?? [];
  const last = values.at(-1) ?? NaN;
  return { ...named, value: Number.isNaN(last) ? "-" : scaleLabel(last, named.axis), values };
}

/** Draws the graphs of a pane, if it has any: of its counters, or of its table's sums. */
export function drawPaneGraphs(
  region: Region,
  pane: ArrangedPane,
  { past, symbols, note = "" }: Drawing,
): boolean {
  const { tool, graphs } = pane;
  if (graphs === null) return false;
  const series = graphs.keys.map((key) =>
    isList(tool.tool) ? listSeries(tool, key) : counterSeries(tool, key)
  ).map((one) => ({ ...one, title: one.title + note }));
  drawGraphs(region, { series, times: tool.times, starts: tool.starts, place: graphs, past, symbols });
  return true;
}

/** Draws the heat map of a pane, if it has one. */
export function drawPaneHeat(region: Region, { tool, heat }: ArrangedPane, drawing: Drawing): boolean {
  if (heat === null) return false;
  drawHeatMap(region, { tool, heat, ...drawing });
  return true;
}
