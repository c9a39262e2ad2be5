/**
 * The grid of counters, or of graphs, inside a pane, and how many of them it shows at once.
 *
 * @module
 */
import type { Size } from "../canvas/mod.ts";
import { clamp } from "../state/mod.ts";

/** Cells between two blocks of counters. */
const BLOCK_GAP = 3;
/** Minimum width of a block: a title and a value. */
const MIN_BLOCK = 18;
/** Maximum rows of one counter. */
const MAX_ROWS = 4;

/** Minimum size of a graph: a title and two rows. */
const MIN_ROWS = 3;
const MIN_WIDTH = 20;
/** Preferred rows of a graph, and minimum width of graphs side by side. */
const GOOD_ROWS = 8;
const GOOD_WIDTH = 36;
/** Cells between two graphs. */
export const GRAPH_GAP = 2;

/** Blocks of counters side by side. */
export interface CounterArrangement {
  /** Counters below each other in a block. */
  readonly inBlock: number;
  /** Rows of each. */
  readonly rows: number;
  /** Cells of a block, and between two. */
  readonly width: number;
  readonly gap: number;
  /** Number of counters that fit. */
  readonly capacity: number;
}

/** Counters below each other, in blocks side by side if the pane is too low for one block. */
export function arrangeCounters({ width, height }: Size, count: number): CounterArrangement {
  const most = Math.max(1, Math.floor((width + BLOCK_GAP) / (MIN_BLOCK + BLOCK_GAP)));
  const blocks = clamp(Math.ceil(count / Math.max(1, height)), 1, most);
  const perBlock = Math.ceil(count / blocks);
  const rows = clamp(Math.floor(height / Math.max(1, perBlock)), 1, MAX_ROWS);
  const inBlock = Math.max(1, Math.min(perBlock, Math.floor(height / rows)));
  return {
    inBlock,
    rows,
    width: Math.floor((width + BLOCK_GAP) / blocks) - BLOCK_GAP,
    gap: BLOCK_GAP,
    capacity: inBlock * blocks,
  };
}

/** Graphs across and down, with the size of each; a time axis is below each column of them. */
export interface GraphArrangement {
  readonly across: number;
  readonly down: number;
  readonly width: number;
  readonly height: number;
  /** Index of the first graph shown; above 0 only if not all fit. */
  readonly first: number;
}

/** As few columns of graphs as leave each graph enough rows; null if not even one fits. */
export function arrangeGraphs(
  { width, height }: Size,
  count: number,
  selected = 0,
): GraphArrangement | null {
  if (width < MIN_WIDTH || height < MIN_ROWS + 1 || count === 0) return null;
  const most = Math.max(1, Math.floor((width + GRAPH_GAP) / (GOOD_WIDTH + GRAPH_GAP)));
  const rows = height - 1;
  const across = clamp(Math.ceil(count * GOOD_ROWS / rows), 1, Math.min(most, count));
  const down = clamp(Math.floor(rows / MIN_ROWS), 1, Math.ceil(count / across));
  return {
    across,
    down,
    width: Math.floor((width + GRAPH_GAP) / across) - GRAPH_GAP,
    height: Math.floor(rows / down),
    first: clamp(selected, 0, count - across * down),
  };
}
