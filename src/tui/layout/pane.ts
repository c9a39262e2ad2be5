/**
 * One pane: its rectangle, its parts and their rectangles.
 *
 * @module
 */
import { isList, type ToolModel } from "../../model/mod.ts";
import type { Rect, Size } from "../canvas/mod.ts";
import {
  clamp,
  followRow,
  keptColumns,
  type PaneContent,
  paneContent,
  type PaneUi,
  type PaneView,
  viewOf,
} from "../state/mod.ts";
import { type PlacedColumn, type TableColumns, tableColumns } from "./columns.ts";
import {
  arrangeCounters,
  arrangeGraphs,
  type CounterArrangement,
  type GraphArrangement,
} from "./counters.ts";
import { type ArrangedFlame, arrangeFlame } from "./flame.ts";
import { HEAT_MIN, type HeatCells, heatCells } from "./heat.ts";
import type { FrameKind, PaneRect } from "./pane_rects.ts";
import { frameInsets, type PaneParts, paneParts, scrollTop } from "./parts.ts";
import { AXIS_WIDTH } from "./time_columns.ts";

/** Graphs in a pane. */
export interface ArrangedGraphs extends GraphArrangement {
  /** Column keys of the series, in order. */
  readonly keys: readonly string[];
}

/** A heat map in a pane. */
export interface ArrangedHeat {
  /** Label of the histogram, and which of how many it is. */
  readonly label: string;
  readonly index: number;
  readonly total: number;
  /** Cells across. */
  readonly columns: number;
  /** null: nothing was counted. */
  readonly cells: HeatCells | null;
}

/** A typed filter that is not applied. */
export interface NotApplied {
  readonly filter: string;
  readonly problem: string;
}

/** A pane on the screen. */
export interface ArrangedPane extends PaneContent {
  /** Index of the tool. */
  readonly index: number;
  readonly rect: Rect;
  readonly frame: FrameKind;
  /** Within the frame, in coordinates of the screen. */
  readonly inside: Rect;
  readonly focused: boolean;
  /** The filter that is typed and not applied, and why; null: none is. */
  readonly notApplied: NotApplied | null;
  readonly view: PaneView;
  /** In coordinates of the inside. */
  readonly parts: PaneParts;
  /** The columns of its table; of a tree those of the groups. */
  readonly columns: TableColumns;
  /** Of a tree, the columns of the rows below the groups. */
  readonly leafColumns: readonly PlacedColumn[];
  /** Lines with the titles of columns at the top of its table: two of a tree, the second for the titles of its rows, also while it shows none, so that groups stay where they are when one is opened. */
  readonly titleLines: 1 | 2;
  /** Index of the selected row; −1 if there is none. */
  readonly selected: number;
  /** The highest index that can be selected; of counters, the last that can be shown first. */
  readonly last: number;
  /** Index of the first row, counter or histogram shown. */
  readonly first: number;
  /** Rows that PgUp and PgDn move by. */
  readonly page: number;
  /** Where its counters are. */
  readonly counterBlocks: CounterArrangement;
  /** null: it shows none, or there is no room. */
  readonly graphs: ArrangedGraphs | null;
  readonly heat: ArrangedHeat | null;
  readonly flame: ArrangedFlame | null;
}

/** What decides how a pane is arranged. */
export interface PaneInput {
  readonly source: ToolModel;
  readonly pane: PaneUi;
  readonly rect: PaneRect;
  readonly frame: FrameKind;
  readonly focused: boolean;
  readonly notApplied: NotApplied | null;
  /** It is the only pane on the screen, by choice or because there is no other. */
  readonly fillsScreen: boolean;
}

function insideOf({ x, y, width, height }: Rect, frame: FrameKind): Rect {
  const { left, top, right, bottom } = frameInsets(frame);
  return {
    x: x + left,
    y: y + top,
    width: Math.max(0, width - left - right),
    height: Math.max(0, height - top - bottom),
  };
}

/** Graphs of the counters shown, or of a table's sums; null if there is no room or nothing was measured. */
export function arrangePaneGraphs({ tool, counters, pane }: PaneContent, size: Size): ArrangedGraphs | null {
  const list = isList(tool.tool);
  const keys = list
    ? [...tool.series.keys()]
    : counters.map(({ key }) => key).filter((key) => tool.series.has(key));
  const place = tool.times.length > 0 ? arrangeGraphs(size, keys.length, list ? 0 : pane.selected) : null;
  return place && { ...place, keys };
}

/** The heat map of the selected histogram, or of a table's first one; null if there is no room or no histogram. */
export function arrangeHeat(
  { tool, histograms, pane }: PaneContent,
  size: Size,
  before?: ArrangedPane,
): ArrangedHeat | null {
  const index = isList(tool.tool) ? 0 : clamp(pane.selected, 0, histograms.length - 1);
  const label = histograms[index]?.label;
  if (label === undefined || size.width < HEAT_MIN.width || size.height < HEAT_MIN.height) return null;
  const columns = size.width - AXIS_WIDTH;
  const known = before?.heat;
  const same = known?.label === label && known.columns === columns &&
    before?.tool.pastTicks === tool.pastTicks && before.tool.otherScope === tool.otherScope;
  const cells = same ? known.cells : heatCells(tool, label, columns);
  return { label, index, total: histograms.length, columns, cells };
}

/** Cells before a group, and before the rows below it. */
export const GROUP_INDENT = 2;
const LEAF_INDENT = 4;

const indented = (placed: readonly PlacedColumn[], cells: number): PlacedColumn[] =>
  placed.map((place) => ({ ...place, x: place.x + cells }));

/** The columns of a table; of a tree those of its groups and, without the one they are grouped by, those of their rows. */
function paneColumns(
  { tool, rowTool, tree, pane, rows }: PaneContent,
  width: number,
): Pick<ArrangedPane, "columns" | "leafColumns"> {
  const columns = isList(tool.tool) ? tool.tool.columns : [];
  const chosen = { kept: keptColumns(pane), skip: pane.skip };
  if (tree === null) return { columns: tableColumns(columns, width, { ...chosen, rows }), leafColumns: [] };
  const groups = tableColumns(columns, Math.max(0, width - GROUP_INDENT), { ...chosen, kept: new Set() });
  const own = rowTool.tool.columns.filter(({ key }) => key !== tree.grouping.by.key);
  const leaves = tableColumns(own, Math.max(0, width - LEAF_INDENT), { ...chosen, skip: 0 });
  return {
    columns: { ...groups, placed: indented(groups.placed, GROUP_INDENT) },
    leafColumns: indented(leaves.placed, LEAF_INDENT),
  };
}

/** Minimum height of a table with two lines of titles. */
const MIN_TWO_TITLES = 5;

/** See {@linkcode ArrangedPane.titleLines}; a low tree has those of the selected line. */
const titleLinesOf = ({ tree }: PaneContent, { height }: Size): 1 | 2 =>
  height >= MIN_TWO_TITLES && tree !== null ? 2 : 1;

/** The counters or histograms that can be moved through: the first one shown, and the last that can be. */
function blocksRange(
  { tool, pane, count }: PaneContent,
  { graphs, counterBlocks }: Pick<ArrangedPane, "graphs" | "counterBlocks">,
): Pick<ArrangedPane, "first" | "last"> {
  if (tool.tool.view !== "counters") return { first: Math.min(pane.selected, count - 1), last: count - 1 };
  const last = graphs ? graphs.keys.length - graphs.across * graphs.down : count - counterBlocks.capacity;
  return { first: clamp(pane.selected, 0, last), last };
}

/**
 * Arranges a pane.
 *
 * @param before The same pane one screen before: its rows and cells are reused if nothing that they depend on has
 * changed. Sorting 10,000 rows takes milliseconds, and a key that moves through them must not.
 */
export function arrangePane(input: PaneInput, before?: ArrangedPane): ArrangedPane {
  const { source, rect, frame, focused, notApplied, fillsScreen } = input;
  const content = followRow(paneContent(source, input.pane, before));
  const { tool, pane, count } = content;
  const inside = insideOf(rect, frame);
  const view = viewOf(tool, pane, fillsScreen);
  const parts = paneParts(tool, inside, view);
  const list = isList(tool.tool);
  const running = tool.state.kind === "running" && tool.tick !== null;
  const graphRect = list ? parts.graph : view === "graph" ? inside : null;
  const heatRect = list ? parts.heat : view === "heat" ? inside : null;
  const graphs = running && graphRect ? arrangePaneGraphs(content, graphRect) : null;
  const heat = running && heatRect ? arrangeHeat(content, heatRect, before) : null;
  const flame = running && view === "flame"
    ? arrangeFlame(content, inside, before?.flame ?? undefined)
    : null;
  const counterBlocks = arrangeCounters(inside, count);
  const selected = Math.min(pane.selected, count - 1);
  const titleLines = titleLinesOf(content, parts.table);
  const rows = parts.table.height - titleLines;
  const range = list
    ? { first: scrollTop(pane.top, selected, { height: rows, count }), last: count - 1 }
    : blocksRange(content, { graphs, counterBlocks });
  return {
    ...content,
    index: rect.index,
    rect,
    frame,
    inside,
    focused,
    notApplied,
    view,
    parts,
    ...paneColumns(content, parts.table.width),
    titleLines,
    selected,
    ...range,
    page: Math.max(1, rows),
    counterBlocks,
    graphs,
    heat,
    flame,
  };
}
