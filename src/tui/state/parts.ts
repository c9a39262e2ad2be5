/**
 * How the inside of a pane is divided between its table and its histograms.
 *
 * @module
 */
import type { ToolModel } from "../../monitor/model.ts";
import type { Histogram } from "../../tools/tool.ts";
import type { Rect, Size } from "../canvas/mod.ts";
import type { Layout } from "./layout.ts";

/** Parts of a pane, in its own coordinates. */
export interface PaneParts {
  readonly table: Rect;
  readonly histogram: Rect | null;
}

/** Narrowest pane in which table and histogram stand side by side, and the height below which they do. */
const BESIDE_WIDTH = 76;
const BESIDE_HEIGHT = 14;
/** From this width on they always do. */
const ALWAYS_BESIDE_WIDTH = 100;
/** Rows the table keeps above a histogram: the fewest, and the most it takes when there are events to fill them. */
const MIN_TABLE_ROWS = 5;
const MAX_TABLE_ROWS = 9;
/** Fewest rows worth a histogram. */
const MIN_HISTOGRAM_ROWS = 4;
/** Widest histogram beside a table. */
const MAX_BESIDE = 52;

/** Cells a frame and the space beside it take around the inside of a pane. */
export function frameInsets(
  frame: Layout["frame"],
): { left: number; top: number; right: number; bottom: number } {
  return frame === "box"
    ? { left: 2, top: 1, right: 2, bottom: 1 }
    : { left: 0, top: 1, right: 0, bottom: 0 };
}

/** Slots from the first to the last that counted something; empty ones at both ends are not drawn. */
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

/** Divides the inside of a pane. A histogram stands beside the table where there is width, else below it, else not at all. */
export function paneParts({ histograms, events }: ToolModel, inside: Size): PaneParts {
  const { width, height } = inside;
  const all: Rect = { x: 0, y: 0, width, height };
  if (histograms.length === 0) return { table: all, histogram: null };
  if (width >= BESIDE_WIDTH && (height < BESIDE_HEIGHT || width >= ALWAYS_BESIDE_WIDTH) && height >= 3) {
    const beside = Math.min(MAX_BESIDE, Math.floor(width * 0.45));
    return {
      table: { ...all, width: width - beside - 2 },
      histogram: { x: width - beside, y: 0, width: beside, height },
    };
  }
  if (height < MIN_TABLE_ROWS + MIN_HISTOGRAM_ROWS) return { table: all, histogram: null };
  const tableRows = Math.max(
    MIN_TABLE_ROWS,
    Math.min(events.length + 1, MAX_TABLE_ROWS, Math.floor(height / 2)),
  );
  const below = Math.min(wantedRows(histograms), height - tableRows);
  return {
    table: { ...all, height: height - below },
    histogram: { x: 0, y: height - below, width, height: below },
  };
}
