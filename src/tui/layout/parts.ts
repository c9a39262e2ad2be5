/**
 * How the inside of a pane is divided between its table, its histograms and its graphs.
 *
 * @module
 */
import type { Histogram, ToolModel } from "../../model/mod.ts";
import type { Rect, Size } from "../canvas/mod.ts";
import { clamp, type PaneView } from "../state/mod.ts";
import type { FrameKind } from "./pane_rects.ts";

/** Parts of a pane, in its own coordinates. */
export interface PaneParts {
  readonly table: Rect;
  readonly histogram: Rect | null;
  /** Histograms over time. */
  readonly heat: Rect | null;
  /** Series over time. */
  readonly graph: Rect | null;
}

/** In panes of this width, table and histogram are side by side if the height is below this. */
const BESIDE_WIDTH = 76;
const BESIDE_HEIGHT = 14;
/** At this width they always are. */
const ALWAYS_BESIDE_WIDTH = 100;
/** Minimum rows of a table above a histogram, and the maximum that it takes if its events fill them. */
const MIN_TABLE_ROWS = 5;
const MAX_TABLE_ROWS = 9;
/** Minimum rows of a histogram. */
const MIN_HISTOGRAM_ROWS = 4;
/** Minimum size of a heat map. */
const MIN_HEAT_ROWS = 6;
const MIN_HEAT_WIDTH = 24;
/** Rows of the graphs below a table, and the minimum height of a pane that has them. */
const GRAPH_ROWS = 6;
const MIN_HEIGHT_WITH_GRAPH = 18;
/** Maximum width of a histogram beside a table. */
const MAX_BESIDE = 52;

/** Cells a frame and the space beside it take around the inside of a pane. */
export function frameInsets(
  frame: FrameKind,
): { left: number; top: number; right: number; bottom: number } {
  return frame === "box"
    ? { left: 2, top: 1, right: 2, bottom: 1 }
    : { left: 0, top: 1, right: 0, bottom: 0 };
}

/** The first row to show so that the selected one is visible, as close to `top` as possible. */
export function scrollTop(
  top: number,
  selected: number,
  { height, count }: { height: number; count: number },
): number {
  const near = clamp(top, selected - height + 1, selected);
  return clamp(near, 0, Math.max(0, count - height));
}

/** The first and the last slot with a count; empty slots at both ends are not drawn. */
export function usedSlots({ slots }: Histogram): { first: number; last: number } | null {
  const first = slots.findIndex((count) => count > 0);
  return first < 0 ? null : { first, last: slots.findLastIndex((count) => count > 0) };
}

/** Rows that show every slot of every histogram, with a title each. */
function wantedRows(histograms: readonly Histogram[]): number {
  return histograms.reduce((sum, histogram) => {
    const used = usedSlots(histogram);
    return sum + 1 + (used ? used.last - used.first + 1 : 1);
  }, 0);
}

/** Rows of a heat map: its slots, joined as far as needed, title and axis. At most `most`. */
function heatRows(histogram: Histogram | undefined, most: number): number {
  const used = histogram ? usedSlots(histogram) : null;
  if (used === null) return 0;
  let size = 1;
  const slotRows = (): number => Math.floor(used.last / size) - Math.floor(used.first / size) + 1;
  while (slotRows() + 2 > most && size <= used.last) size++;
  return Math.min(most, slotRows() + 2);
}

/** A table with something as wide as it below. */
function below(kind: "heat" | "graph", { width, height }: Size, rows: number): PaneParts {
  const rect = { x: 0, y: height - rows, width, height: rows };
  const table = { x: 0, y: 0, width, height: height - rows };
  return { table, histogram: null, heat: null, graph: null, [kind]: rect };
}

/**
 * Divides the inside of a pane. A histogram is beside the table if that is wide enough, else below it if there is room, else
 * not shown; graphs and heat maps are below the table if that is high enough.
 */
export function paneParts(tool: ToolModel, inside: Size, view: PaneView): PaneParts {
  const { histograms, events } = tool;
  const { width, height } = inside;
  const all: Rect = { x: 0, y: 0, width, height };
  const none = { table: all, histogram: null, heat: null, graph: null };
  if (view === "graph" && height >= MIN_HEIGHT_WITH_GRAPH) return below("graph", inside, GRAPH_ROWS);
  if (view === "heat" && height >= MIN_TABLE_ROWS + MIN_HEAT_ROWS && width >= MIN_HEAT_WIDTH) {
    const most = height - Math.max(MIN_TABLE_ROWS, Math.floor(height / 3));
    return below("heat", inside, Math.max(MIN_HEAT_ROWS, heatRows(histograms[0], most)));
  }
  if (histograms.length === 0 || view === "table") return none;
  if (width >= BESIDE_WIDTH && (height < BESIDE_HEIGHT || width >= ALWAYS_BESIDE_WIDTH) && height >= 3) {
    const beside = Math.min(MAX_BESIDE, Math.floor(width * 0.45));
    return {
      ...none,
      table: { ...all, width: width - beside - 2 },
      histogram: { x: width - beside, y: 0, width: beside, height },
    };
  }
  if (height < MIN_TABLE_ROWS + MIN_HISTOGRAM_ROWS) return none;
  const tableRows = Math.max(
    MIN_TABLE_ROWS,
    Math.min(events.length + 1, MAX_TABLE_ROWS, Math.floor(height / 2)),
  );
  const rows = Math.min(wantedRows(histograms), height - tableRows);
  return {
    ...none,
    table: { ...all, height: height - rows },
    histogram: { x: 0, y: height - rows, width, height: rows },
  };
}
