/**
 * A pane: its frame and what is in it.
 *
 * @module
 */
import { isList, sortsDescending, type ToolModel } from "../../model/mod.ts";
import { humanCount, humanDuration } from "../../text/mod.ts";
import { displayWidth, truncate } from "../../text/width.ts";
import { type Region, type Size, Style } from "../canvas/mod.ts";
import { frameInsets, type Layout, messageText, paneParts, tableColumns } from "../layout/mod.ts";
import {
  keptColumns,
  lineCount,
  type PaneUi,
  problemOf,
  sortedBy,
  viewOf,
  visibleCounters,
  visibleHistograms,
  visibleRows,
} from "../state/mod.ts";
import { drawCounters } from "./counters.ts";
import { drawFrame } from "./frame.ts";
import { drawHistograms } from "./histogram.ts";
import { drawPaneGraphs, drawPaneHeat } from "./over_time.ts";
import type { Group } from "./runs.ts";
import type { Symbols } from "./symbols.ts";
import { drawTable } from "./table.ts";

/** Most cells of the filter in a title. */
const MAX_FILTER = 32;
/** A map fuller than this is shown. */
const FILL_SHOWN = 0.5;
/** A map fuller than this is a warning. */
const FILL_WARNING = 0.9;

/** What a pane is drawn from. */
export interface PaneInput {
  readonly tool: ToolModel;
  readonly pane: PaneUi;
  readonly index: number;
  readonly focused: boolean;
  readonly frame: Layout["frame"];
  /** It fills the screen. */
  readonly zoomed: boolean;
  /** What it shows is over: the screen is paused. */
  readonly past: boolean;
  readonly symbols: Symbols;
}

/** What follows the name of a pane: filter, frozen order. */
function notes({ tool, pane, symbols }: PaneInput, width: number): Group[] {
  const out: Group[] = [];
  if (pane.filter !== "") {
    const cells = Math.max(3, Math.min(MAX_FILTER, Math.floor(width / 3)));
    out.push([{ text: truncate(`/${pane.filter}`, cells, symbols.ellipsis), style: Style.filter }]);
  }
  const problem = problemOf(tool, pane);
  if (problem !== null) out.push([{ text: problem, style: Style.warn }]);
  if (pane.frozen) out.push([{ text: "frozen", style: Style.filter }]);
  if (tool.droppedRows > 0) {
    out.push([{ text: `${humanCount(tool.droppedRows)} rows not kept`, style: Style.warn }]);
  }
  return out;
}

/** Losses, missing hooks, map fill and tier; the most important first. */
function badges({ tool }: PaneInput): Group[] {
  const { state, lost, tick } = tool;
  if (state.kind === "attaching") return [[{ text: "attaching", style: Style.dim }]];
  if (state.kind === "unavailable") return [[{ text: "unavailable", style: Style.warn }]];
  const out: Group[] = [[{ text: state.tier, style: Style.badge }]];
  const losses = lost.events + lost.keys;
  if (losses > 0) out.unshift([{ text: `lost ${humanCount(losses)}`, style: Style.bad }]);
  if (state.missing.length > 0) {
    out.push([{ text: `${state.missing.length} missing`, style: Style.warn }]);
  }
  const fill = tick?.mapFill ?? 0;
  if (fill > FILL_SHOWN) {
    const style = fill > FILL_WARNING ? Style.bad : Style.warn;
    out.push([{ text: `map ${Math.floor(fill * 100)}%`, style }]);
  }
  return out;
}

/** Length of the history, in steps that change seldom. */
function span({ tool }: PaneInput): string {
  const [oldest = 0] = tool.times;
  const seconds = ((tool.times.at(-1) ?? 0) - oldest) / 1000 + (tool.tick?.intervalS ?? 0);
  return seconds < 10 ? "" : `last ${humanDuration(seconds - seconds % (seconds < 60 ? 10 : 60))}`;
}

function position({ tool, pane }: PaneInput): string {
  const count = lineCount(tool, pane);
  return count === 0 ? "" : `${Math.min(pane.selected, count - 1) + 1}/${count}`;
}

/** Columns at either side that the table does not show. */
function beyond({ tool, pane, zoomed }: PaneInput, inside: Size): string {
  if (!isList(tool.tool) || tool.tick === null) return "";
  const { table } = paneParts(tool, inside, viewOf(tool, pane, zoomed));
  const { skipped, hidden } = tableColumns(tool.tool.columns, table.width, {
    kept: keptColumns(pane),
    skip: pane.skip,
  });
  const left = skipped > 0 ? `${skipped} < ` : "";
  const right = hidden > 0 ? ` > ${hidden}` : "";
  return left === "" && right === "" ? "" : `${left}columns${right}`;
}

const dimGroup = (text: string): Group => text === "" ? [] : [{ text, style: Style.dim }];

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

/** What an empty pane says. */
function emptyText({ tool, pane }: PaneInput): string {
  if (pane.filter !== "") return `no ${NOUNS[tool.tool.view]} matches the filter`;
  return {
    table: "nothing in this interval",
    events: "no event so far",
    counters: "",
    histogram: "nothing measured yet",
  }[
    tool.tool.view
  ];
}

function drawRows(region: Region, input: PaneInput): void {
  const { tool, pane, focused, symbols } = input;
  const parts = paneParts(tool, region, viewOf(tool, pane, input.zoomed));
  const rows = visibleRows(tool, pane);
  const sort = sortedBy(tool, pane);
  const table = region.part(parts.table);
  drawTable(table, {
    columns: tool.tool.columns,
    rows,
    intervalS: tool.tick?.intervalS ?? 1,
    sort: sort && { key: sort.key, descending: sortsDescending(sort) !== pane.reverse },
    top: pane.top,
    selected: pane.selected,
    shift: pane.shift,
    skip: pane.skip,
    kept: keptColumns(pane),
    focused,
    symbols,
  });
  if (rows.length === 0) {
    const below = table.part({ x: 0, y: 1, width: table.width, height: table.height - 1 });
    drawCentered(below, emptyText(input), symbols);
  }
  if (parts.histogram) drawHistograms(region.part(parts.histogram), tool.histograms, symbols);
  if (parts.heat) drawPaneHeat(region.part(parts.heat), input);
  if (parts.graph) drawPaneGraphs(region.part(parts.graph), input);
}

function drawBody(region: Region, input: PaneInput): void {
  const { tool, pane, symbols } = input;
  const { state } = tool;
  const view = viewOf(tool, pane, input.zoomed);
  if (state.kind === "unavailable") drawMessage(region, state);
  else if (state.kind === "attaching") drawCentered(region, `attaching ${symbols.ellipsis}`, symbols);
  else if (tool.tick === null) {
    const first = `measuring the first interval ${symbols.ellipsis}`;
    drawCentered(region, input.past ? "nothing kept of that moment" : first, symbols);
  } else if (!isList(tool.tool) && lineCount(tool, pane) === 0) {
    drawCentered(region, emptyText(input), symbols);
  } else if (view === "graph" && !isList(tool.tool) && drawPaneGraphs(region, input)) return;
  else if (view === "heat" && !isList(tool.tool) && drawPaneHeat(region, input)) return;
  else if (tool.tool.view === "counters") {
    drawCounters(region, { tool, columns: visibleCounters(tool, pane), top: pane.selected, symbols });
  } else if (tool.tool.view === "histogram") {
    const histograms = visibleHistograms(tool, pane);
    drawHistograms(region, histograms.slice(Math.min(pane.selected, histograms.length - 1)), symbols);
  } else drawRows(region, input);
}

/** Draws a pane into its region. */
export function drawPane(region: Region, input: PaneInput): void {
  const { tool, index, focused, frame, symbols } = input;
  if (region.height === 0 || region.width === 0) return;
  const insets = frameInsets(frame);
  const inside = {
    width: Math.max(0, region.width - insets.left - insets.right),
    height: Math.max(0, region.height - insets.top - insets.bottom),
  };
  const counters = tool.tool.view === "counters";
  drawFrame(region, {
    kind: frame,
    style: focused ? Style.borderFocus : Style.border,
    symbols,
    title: [
      [
        { text: `${index + 1} `, style: Style.key },
        { text: tool.tool.name, style: focused ? Style.titleFocus : Style.title },
      ],
      ...notes(input, region.width),
    ],
    badges: badges(input),
    bottomLeft: dimGroup(counters ? span(input) : focused ? beyond(input, inside) : ""),
    bottomRight: dimGroup(!isList(tool.tool) || tool.tick === null ? "" : position(input)),
  });
  drawBody(region.part({ x: insets.left, y: insets.top, ...inside }), input);
}
