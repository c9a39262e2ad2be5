/**
 * A pane: its frame and what is in it.
 *
 * @module
 */
import { countedFilter, type Histogram, isList, type Restrictions, type ToolModel } from "../../model/mod.ts";
import { displayWidth, humanCount, truncate } from "../../text/mod.ts";
import { type Region, Style } from "../canvas/mod.ts";
import { type ArrangedPane, messageText } from "../layout/mod.ts";
import { drawCounters } from "./counters.ts";
import { drawHistograms } from "./histogram.ts";
import { drawPaneFlame } from "./flame.ts";
import { type Drawing, drawPaneGraphs, drawPaneHeat } from "./over_time.ts";
import { borderOrder, sortMark } from "./order.ts";
import { coverText, drawPaneFrame, restrictedTo } from "./pane_frame.ts";
import type { Symbols } from "./symbols.ts";
import { drawTable, type TableInput } from "./table.ts";

function drawMessage(region: Region, message: { reason: string; remedy: string }): void {
  const { why, help, indent: x } = messageText(message, region.width);
  const gap = help.length > 0 && why.length + help.length < region.height ? 1 : 0;
  const spare = region.height - why.length - help.length - gap;
  const start = Math.max(0, Math.floor(spare / 3));
  why.forEach((text, i) => region.line(start + i).put(x, text, Style.warn));
  help.forEach((text, i) => region.line(start + why.length + gap + i).put(x, text, Style.dim));
}

function drawCentered(region: Region, whole: string, { ellipsis }: Symbols): void {
  const text = truncate(whole, region.width, ellipsis);
  const x = Math.max(0, Math.floor((region.width - displayWidth(text)) / 2));
  region.line(Math.floor((region.height - 1) / 2)).put(x, text, Style.dim);
}

const NOUNS = { table: "row", events: "row", counters: "counter", histogram: "histogram" } as const;

/** How many rows the filter could not be applied to, because they were dropped before. */
function unfiltered(
  { source: { tool, eventsDropped, filteredOut, only }, pane, missing }: ArrangedPane,
): string {
  const events = tool.view === "events";
  const applied = filteredOut?.filter === countedFilter(pane.filter, only?.groups) ? filteredOut.rows : 0;
  const count = events ? eventsDropped - applied : missing;
  if (count <= 0 || !isList(tool)) return "";
  return `; ${humanCount(count)} ${events ? "older" : "more"} rows were dropped`;
}

/** A filter that looks for a path: a slash between characters, or at the start without one at the end. */
const PATH_FILTER = /\S\/\S|^!?\/[^/]+$/;

/** Why no row has the path that a filter looks for; empty: rows have whole paths, or it looks for none. */
function noPaths({ source: { tool, flags = {} }, pane }: ArrangedPane): string {
  const collects = tool.flags.some(({ name }) => name === "full-path") &&
    tool.columns.some(({ key }) => key === "file");
  if (!collects || flags["full-path"] === true || !PATH_FILTER.test(pane.filter)) return "";
  const directory = tool.flags.some(({ name }) => name === "directory") ? " (or directory)" : "";
  return `whole paths are not collected: e, full-path${directory}`;
}

/** The text of an empty pane. */
function emptyText(arranged: ArrangedPane, { restrictions, commandEnded }: Drawing): string {
  const { rowTool: { tool, state, events, tick }, tree, pane, missing } = arranged;
  const hasRows = !isList(tool) || (tool.view === "events" ? events : tick?.rows ?? []).length > 0;
  if (pane.filter !== "" && hasRows) {
    const reason = noPaths(arranged);
    if (reason !== "") return reason;
    return `no ${NOUNS[tool.view]} matches the filter${unfiltered(arranged)}`;
  }
  if (tree && tree.seconds !== null) return "no event in this period";
  const text = {
    table: missing > 0
      ? `none of the rows that were kept; ${humanCount(missing)} more were dropped`
      : "nothing in this interval",
    events: commandEnded ? "no event" : "no event so far",
    counters: "",
    histogram: "nothing measured yet",
  }[tool.view] + restrictedTo(restrictions);
  const [unobserved] = state.kind === "running" ? state.missing : [];
  return unobserved === undefined ? text : `${text}; missing: ${unobserved}`;
}

/** Histograms whose labels say what they cover, if that is more than the rows. */
function covering({ histograms, sumsCoverAll }: ToolModel, restrictions: Restrictions): readonly Histogram[] {
  if (!sumsCoverAll) return histograms;
  return histograms.map((one) => ({
    ...one,
    label: `${one.label}, ${coverText(sumsCoverAll, restrictions)}`,
  }));
}

/** The order that the titles show: without words that the border has. */
function titleOrder(arranged: ArrangedPane): TableInput["sort"] {
  const mark = sortMark(arranged);
  if (mark === null || borderOrder(arranged).length === 0) return mark;
  const { words: _, ...others } = mark;
  return others;
}

function drawRows(region: Region, arranged: ArrangedPane, whole: Drawing): void {
  const { sumsCoverAll } = arranged.tool;
  const note = sumsCoverAll ? `, ${coverText(sumsCoverAll, whole.restrictions)}` : "";
  const drawing = { ...whole, note };
  const {
    tool,
    rowTool,
    tree,
    pane,
    parts,
    rows,
    columns,
    leafColumns,
    titleLines,
    focused,
    first,
    selected,
  } = arranged;
  const { symbols } = drawing;
  const intervalS = rowTool.tick?.intervalS ?? 1;
  const table = region.part(parts.table);
  drawTable(table, {
    placed: columns.placed,
    rows,
    intervalS: tool.tick?.intervalS ?? 1,
    sort: titleOrder(arranged),
    first,
    selected,
    shift: pane.shift,
    focused,
    symbols,
    ...(tree
      ? { tree: { kinds: tree.lines.map(({ kind }) => kind), placed: leafColumns, intervalS, titleLines } }
      : {}),
  });
  if (rows.length === 0) {
    const below = table.part({ x: 0, y: 1, width: table.width, height: table.height - 1 });
    drawCentered(below, emptyText(arranged, drawing), symbols);
  }
  if (parts.histogram) {
    drawHistograms(region.part(parts.histogram), covering(tool, drawing.restrictions), symbols);
  }
  if (parts.heat) drawPaneHeat(region.part(parts.heat), arranged, drawing);
  if (parts.graph) drawPaneGraphs(region.part(parts.graph), arranged, drawing);
}

function drawBody(region: Region, arranged: ArrangedPane, drawing: Drawing): void {
  const { tool, view, count, first, histograms } = arranged;
  const { symbols } = drawing;
  const { state } = tool;
  if (state.kind === "unavailable") drawMessage(region, state);
  else if (state.kind === "attaching") drawCentered(region, `attaching ${symbols.ellipsis}`, symbols);
  else if (tool.tick === null) {
    const measuring = `measuring the first interval ${symbols.ellipsis}`;
    const none = drawing.commandEnded
      ? `${tool.tool.name} did not run while the command ran`
      : "the history has nothing of this moment";
    drawCentered(region, drawing.past ? none : measuring, symbols);
  } else if (view === "flame") {
    if (!drawPaneFlame(region, arranged, drawing)) {
      drawCentered(region, emptyText(arranged, drawing), symbols);
    }
  } else if (isList(tool.tool)) drawRows(region, arranged, drawing);
  else if (count === 0) drawCentered(region, emptyText(arranged, drawing), symbols);
  else if (view === "graph" && drawPaneGraphs(region, arranged, drawing)) return;
  else if (view === "heat" && drawPaneHeat(region, arranged, drawing)) return;
  else if (tool.tool.view === "counters") drawCounters(region, arranged, symbols);
  else drawHistograms(region, histograms.slice(first), symbols);
}

/** Draws a pane. */
export function drawPane(screen: Region, arranged: ArrangedPane, drawing: Drawing): void {
  const { rect, inside } = arranged;
  if (rect.height === 0 || rect.width === 0) return;
  drawPaneFrame(screen, arranged, drawing);
  drawBody(screen.part(inside), arranged, drawing);
}
