/**
 * Flame graphs: stacks with weights, added up frame by frame from the outermost one inwards.
 *
 * @module
 */
import type { TickHistory } from "./history.ts";
import type { RowTest } from "./selection.ts";
import type { Row, Tick } from "./tick.ts";
import type { ToolInfo } from "./tool_info.ts";

/** What a frame is: the sum of all, a thread's name, a function of a program or of the kernel, or what has no frames of its own. */
export type FrameKind = "root" | "thread" | "user" | "kernel" | "rest";

/** A frame with what was counted in it and in the frames inside. */
export interface Frame {
  readonly name: string;
  readonly kind: FrameKind;
  readonly total: number;
  /** The largest first. */
  readonly children: readonly Frame[];
}

/** A stack with its weight; the outermost frame first. */
export interface WeightedStack {
  readonly frames: readonly { readonly name: string; readonly kind: FrameKind }[];
  readonly weight: number;
}

/** Frames of one graph: stacks beyond it end in a frame "(other)". */
const MAX_FRAMES = 20_000;

const OTHER = { name: "(other)", kind: "rest" } as const;
const DROPPED = { name: "(rows dropped)", kind: "rest" } as const;
const UNKNOWN = "[unknown]";

/** Distinguishes the frames inside one frame. */
export const frameId = ({ name, kind }: Pick<Frame, "name" | "kind">): string => `${kind} ${name}`;

interface GrowingFrame {
  readonly name: string;
  readonly kind: FrameKind;
  total: number;
  readonly children: Map<string, GrowingFrame>;
}

const newFrame = (name: string, kind: FrameKind): GrowingFrame => ({
  name,
  kind,
  total: 0,
  children: new Map(),
});

function finished({ name, kind, total, children }: GrowingFrame): Frame {
  return {
    name,
    kind,
    total,
    children: Array.from(children.values(), finished).sort((a, b) =>
      b.total - a.total || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
    ),
  };
}

/** A flame graph to which stacks are added. Its memory is bounded. */
export class FlameGraph {
  readonly #root = newFrame("all", "root");
  readonly #maxFrames: number;
  #frames = 0;

  constructor(maxFrames: number = MAX_FRAMES) {
    this.#maxFrames = maxFrames;
  }

  add({ frames, weight }: WeightedStack): void {
    let at = this.#root;
    at.total += weight;
    for (const frame of frames) {
      let child = at.children.get(frameId(frame));
      const isFull = child === undefined && this.#frames >= this.#maxFrames;
      if (isFull) child = at.children.get(frameId(OTHER));
      if (child === undefined) {
        child = isFull ? newFrame(OTHER.name, OTHER.kind) : newFrame(frame.name, frame.kind);
        at.children.set(frameId(child), child);
        this.#frames++;
      }
      child.total += weight;
      if (isFull) return;
      at = child;
    }
  }

  /** What was added until now. */
  root(): Frame {
    return finished(this.#root);
  }
}

/** The stack of a row; null if the row counted nothing. */
function stackOf(row: Row, { weight: key }: NonNullable<ToolInfo["flame"]>): WeightedStack | null {
  const weight = Number(row[key] ?? 0);
  if (!(weight > 0)) return null;
  const names = row.stack === null || row.stack === undefined ? [UNKNOWN] : String(row.stack).split(";");
  const kernelFrames = Number(row.kernel_frames ?? 0);
  const thread = String(row.comm ?? UNKNOWN);
  return {
    weight,
    frames: [
      { name: thread, kind: "thread" },
      ...names.map((name, i) =>
        ({ name, kind: i >= names.length - kernelFrames ? "kernel" : "user" }) as const
      ),
    ],
  };
}

/**
 * The stacks of the rows of an interval.
 *
 * @param tool a tool with {@linkcode ToolInfo.flame}
 * @param dropped sums of the rows that the interval does not have any more
 */
export function stacksOf(
  tool: Pick<ToolInfo, "flame">,
  { rows }: Pick<Tick, "rows">,
  dropped?: Row | null,
): WeightedStack[] {
  const { flame } = tool;
  if (flame === undefined) return [];
  const stacks = rows.flatMap((row) => stackOf(row, flame) ?? []);
  const weight = Number(dropped?.[flame.weight] ?? 0);
  return weight > 0 ? [...stacks, { frames: [DROPPED], weight }] : stacks;
}

/** Lines of the folded format: frames joined by semicolons, a blank, the weight. */
export function foldedStacks(root: Frame): string[] {
  const lines: string[] = [];
  const walk = (frame: Frame, path: readonly string[]): void => {
    const self = frame.children.reduce((rest, { total }) => rest - total, frame.total);
    if (self > 0 && path.length > 0) lines.push(`${path.join(";")} ${Math.round(self)}`);
    for (const child of frame.children) walk(child, [...path, child.name.replace(/[; ]/g, "_")]);
  };
  walk(root, []);
  return lines;
}

/** What screens add up: the minute that ends with the interval that is shown, milliseconds. */
export const FLAME_SPAN_MS = 60_000;

/** Which intervals a flame graph adds up. */
export interface FlameSpan {
  /** Wall clock at its end, milliseconds. */
  readonly end: number;
  readonly ms: number;
}

/** Which intervals and rows a flame graph adds up. */
export interface FlameChoice {
  readonly span: FlameSpan;
  readonly test?: RowTest;
  readonly leaveOut?: ReadonlySet<number>;
  readonly known?: readonly FlameTick[];
}

/** One interval of a flame graph. */
export interface FlameTick {
  readonly time: number;
  readonly intervalS: number;
  readonly stacks: readonly WeightedStack[];
}

/**
 * The intervals of a span, oldest first.
 *
 * @param choice Which of their rows count, none of those that the history has dropped then; absent: all. `leaveOut`: intervals that do
 * not count, by time. `known`: intervals that were decoded before with the same choice.
 */
export function flameTicks(
  tool: Pick<ToolInfo, "flame">,
  past: TickHistory,
  { span: { end, ms }, test, leaveOut, known = [] }: FlameChoice,
): FlameTick[] {
  const byTime = new Map(known.map((tick) => [tick.time, tick]));
  const ticks: FlameTick[] = [];
  for (let i = past.length - 1; i >= 0; i--) {
    const time = past.timeAt(i) as number;
    if (time > end) continue;
    if (time <= end - ms) break;
    if (leaveOut?.has(time)) continue;
    const kept = byTime.get(time);
    const one = kept === undefined ? past.at(i) : null;
    if (kept !== undefined) ticks.push(kept);
    else if (one !== null) {
      const { intervalS, rows } = one.tick;
      const stacks = test === undefined
        ? stacksOf(tool, { rows }, one.droppedSums)
        : stacksOf(tool, { rows: rows.filter(test) });
      ticks.push({ time, intervalS, stacks });
    }
  }
  return ticks.reverse();
}
