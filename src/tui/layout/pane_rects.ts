/**
 * The rectangles of the panes on a screen of a given size.
 *
 * @module
 */
import { isList, type ToolModel } from "../../model/mod.ts";
import { wrap } from "../../text/mod.ts";
import type { Rect, Size } from "../canvas/mod.ts";

/** The rectangle of a pane. */
export interface PaneRect extends Rect {
  /** Index of the tool. */
  readonly index: number;
}

/** A box all around, or only a rule with the title above. */
export type FrameKind = "box" | "rule";

/** The rectangles of all panes that are shown. */
export interface Layout {
  readonly kind: "grid" | "stacked" | "single";
  readonly frame: FrameKind;
  readonly panes: readonly PaneRect[];
}

/** What decides a layout. */
export interface LayoutInput extends Surroundings {
  readonly size: Size;
  readonly tools: readonly ToolModel[];
  readonly focus: number;
  readonly zoom: boolean;
}

/** Smallest screens for a grid of panes, and for a stack. */
const GRID: Size = { width: 120, height: 30 };
const STACKED: Size = { width: 80, height: 20 };

/** Minimum height of a pane in a stack: its title, a header and two rows. */
const MIN_STACKED_HEIGHT = 4;

const fits = (size: Size, wanted: Size): boolean =>
  size.width >= wanted.width && size.height >= wanted.height;

/** Smallest screen with a second header line. */
const TWO_HEADER_LINES: Size = { width: 80, height: 24 };

/** Whether there is room for the second header line, which shows figures of the whole machine. */
export const hasRoomForFigures = (size: Size): boolean => fits(size, TWO_HEADER_LINES);

/**
 * Number of header lines.
 *
 * @param hasFigures There are figures of the whole machine for a second one.
 */
export function headerHeight(size: Size, hasFigures: boolean): number {
  if (hasFigures && hasRoomForFigures(size)) return 2;
  return size.height >= 5 ? 1 : 0;
}

/** Whether there is room for the timeline of a replay. */
export const hasRoomForTimeline = (size: Size): boolean => fits(size, TWO_HEADER_LINES);

/** Whether there is room for the footer line. */
export const showsFooter = (size: Size): boolean => size.height >= 4;

/** What is around the panes besides the first line of the header and the footer. */
export interface Surroundings {
  /** Figures of the whole machine for the second line of the header. */
  readonly hasFigures?: boolean;
  /** The timeline of a replay, above the footer. */
  readonly hasTimeline?: boolean;
}

/** What lies between header and footer, or the timeline. */
export function screenBody(size: Size, { hasFigures = false, hasTimeline = false }: Surroundings): Rect {
  const top = headerHeight(size, hasFigures);
  const below = (showsFooter(size) ? 1 : 0) + (hasTimeline && hasRoomForTimeline(size) ? 1 : 0);
  const height = Math.max(0, size.height - top - below);
  return { x: 0, y: top, width: size.width, height };
}

/** Splits a length into `count` parts that differ by at most one. */
function split(length: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor((length + count - 1 - i) / count));
}

/** Share of the left column if only it holds a table, and the right one not only lists: names need room, counters do not. */
const TABLE_SHARE = 0.55;

/** Minimum number of panes for three columns, minimum width of a column, and the best ratio of width to height. */
const MIN_FOR_THREE = 5;
const MIN_THIRD_WIDTH = 60;
const BEST_RATIO = 3;

/** Columns of the grid: two, or three if that gives panes a better shape. */
function columnCount({ width, height }: Size, count: number): 2 | 3 {
  if (count < MIN_FOR_THREE || width < 3 * MIN_THIRD_WIDTH) return 2;
  const badness = (columns: number): number =>
    Math.abs(Math.log(width / columns / (height / Math.ceil(count / columns)) / BEST_RATIO));
  return badness(3) < badness(2) ? 3 : 2;
}

/** Widths of the columns, the same in every row so that borders meet. */
function columnWidths(width: number, columns: 2 | 3, tools: readonly ToolModel[]): number[] {
  if (columns === 3) return split(width, columns);
  const [ofLeft, ofRight] = [0, 1].map((column) => tools.filter((_, i) => i % 2 === column));
  const hasTable = (some: readonly ToolModel[]): boolean => some.some(({ tool }) => tool.view === "table");
  const needsRoom = hasTable(ofRight!) || ofRight!.every(({ tool }) => isList(tool));
  const left = Math.round(width * (hasTable(ofLeft!) && !needsRoom ? TABLE_SHARE : 0.5));
  return [left, width - left];
}

/** Rectangles row by row; the panes of the last row share its width. */
function gridRects(area: Rect, columns: 2 | 3, tools: readonly ToolModel[]): PaneRect[] {
  const count = tools.length;
  const heights = split(area.height, Math.ceil(count / columns));
  const widths = columnWidths(area.width, columns, tools);
  const rects: PaneRect[] = [];
  let y = area.y;
  for (const height of heights) {
    let x = area.x;
    const left = count - rects.length;
    for (const width of left >= columns ? widths : split(area.width, left)) {
      rects.push({ index: rects.length, x, y, width, height });
      x += width;
    }
    y += height;
  }
  return rects;
}

/** A pane's share of the spare rows of a stack: histograms get most, whose ranges are joined to fit, a message none. */
function weight({ tool, state }: ToolModel): number {
  if (state.kind === "unavailable") return 0;
  return { histogram: 5, table: 4, events: 3, counters: 2 }[tool.view];
}

/** Minimum width of a pane with a space on both sides of the text. */
const MIN_WITH_MARGIN = 21;

/** Reason and remedy, broken into lines. */
export interface MessageText {
  readonly why: readonly string[];
  readonly help: readonly string[];
  /** Cells before the text. */
  readonly indent: number;
}

/** The message, wrapped for a pane of this inner width. */
export function messageText(
  { reason, remedy }: { reason: string; remedy: string },
  width: number,
): MessageText {
  const indent = width >= MIN_WITH_MARGIN ? 1 : 0;
  const cells = Math.max(1, width - 2 * indent);
  return { why: wrap(reason, cells), help: wrap(remedy, cells), indent };
}

/** Rows the message takes. */
function messageRows(message: { reason: string; remedy: string }, width: number): number {
  const { why, help } = messageText(message, width);
  return why.length + help.length;
}

/** Minimum height of a pane in a stack: enough for the whole message of a pane that cannot run. */
function minHeight({ state }: ToolModel, width: number): number {
  if (state.kind !== "unavailable") return MIN_STACKED_HEIGHT;
  return Math.max(MIN_STACKED_HEIGHT, 1 + messageRows(state, width));
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Height of each pane: its minimum if all of them fit, plus spare rows by weight; the remainder goes to the heaviest. */
function stackedHeights({ width, height }: Size, tools: readonly ToolModel[]): number[] {
  const wanted = tools.map((tool) => minHeight(tool, width));
  const least = sum(wanted) <= height ? wanted : tools.map(() => MIN_STACKED_HEIGHT);
  const weights = tools.map(weight);
  const total = sum(weights) || 1;
  const spare = height - sum(least);
  const heights = weights.map((value, i) => (least[i] as number) + Math.floor(spare * value / total));
  const byWeight = weights.map((_, i) => i).sort((a, b) => (weights[b] as number) - (weights[a] as number));
  for (let rest = height - sum(heights), k = 0; rest > 0; rest--, k++) {
    const i = byWeight[k % byWeight.length] as number;
    heights[i] = (heights[i] as number) + 1;
  }
  return heights;
}

function stackedRects(area: Rect, tools: readonly ToolModel[]): PaneRect[] {
  let y = area.y;
  return stackedHeights(area, tools).map((height, index) => {
    const rect = { index, x: area.x, y, width: area.width, height };
    y += height;
    return rect;
  });
}

/**
 * Places the panes: two columns from 120×30 (three for five and more panes, if wide enough), a stack from 80×20, else
 * the focused pane alone; also alone when zoomed, or when more panes are shown than fit.
 */
export function chooseLayout({ size, tools, focus, zoom, ...around }: LayoutInput): Layout {
  const area = screenBody(size, around);
  const count = tools.length;
  const frame = fits(size, STACKED) ? "box" : "rule";
  if (!zoom && count > 1) {
    const columns = columnCount(area, count);
    const gridFits = fits(size, GRID) && area.height / Math.ceil(count / columns) >= 2 * MIN_STACKED_HEIGHT;
    if (gridFits) return { kind: "grid", frame: "box", panes: gridRects(area, columns, tools) };
    const stackFits = fits(size, STACKED) && area.height >= MIN_STACKED_HEIGHT * count;
    if (stackFits) return { kind: "stacked", frame: "rule", panes: stackedRects(area, tools) };
  }
  return { kind: "single", frame, panes: count === 0 ? [] : [{ ...area, index: focus }] };
}
