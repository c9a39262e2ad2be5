/**
 * The views in which a pane can show its tool, and the one it shows.
 *
 * @module
 */
import { isList, type ToolModel } from "../../model/mod.ts";
import type { PaneUi, Ui } from "./ui.ts";

/**
 * "plain": a table, counters with sparklines, or histograms as bars, as unzoomed. Zoomed there are more: "graph": series over time;
 * "heat": the histogram over time; "bars": a table with its histogram as bars; "table": a table alone; "flame": its stacks added up.
 */
export type PaneView = "plain" | "graph" | "heat" | "bars" | "table" | "flame";

/** The views of a zoomed pane, the default one first; only one if there is no choice. */
export function viewsOf({ tool, histograms, series }: ToolModel): readonly PaneView[] {
  if (!isList(tool)) return tool.view === "counters" ? ["graph", "plain"] : ["heat", "plain"];
  if (histograms.length > 0) return ["heat", "bars", "table"];
  const lists: readonly PaneView[] = series.size > 0 ? ["graph", "table"] : ["plain"];
  return tool.flame === undefined ? lists : ["flame", ...lists];
}

/** A pane that fills the screen: zoomed, or the only one. */
export const fillsScreen = ({ zoom, panes }: Ui): boolean => zoom || panes.length === 1;

/** The view of a pane. */
export function viewOf(tool: ToolModel, pane: PaneUi, zoomed: boolean): PaneView {
  if (!zoomed) return "plain";
  const views = viewsOf(tool);
  return views[pane.view % views.length] ?? "plain";
}
