/**
 * Flame graphs: stacks with weights, added up frame by frame from the outermost one inwards.
 *
 * @module
 */
import { foldedLine } from "../text/mod.ts";
import type { TickHistory } from "./history.ts";
import type { RowTest } from "./selection.ts";
import type { Row, Tick } from "./tick.ts";
import type { ToolInfo } from "./tool_info.ts";

/** What a frame is: the sum of all, a thread's name, a function of a program or of the kernel, or a placeholder such as "(other)". */
export type FrameKind = "root" | "thread" | "user" | "kernel" | "rest";

/** A function or thread in a stack. */
export interface FrameName {
  /** Distinguishes the frames inside one frame. */
  readonly id: string;
  readonly name: string;
  readonly kind: FrameKind;
}

/** A frame with what was counted in it and in the frames inside. Valid until its graph changes. */
export interface Frame extends FrameName {
  readonly total: number;
  /** The largest first. */
  readonly children: readonly Frame[];
}

/** A stack with its weight; the outermost frame first. */
export interface WeightedStack {
  readonly frames: readonly FrameName[];
  readonly weight: number;
}

/** Frames of one graph: stacks beyond it end in a frame "(other)". */
const MAX_FRAMES = 20_000;

const frameName = (name: string, kind: FrameKind): FrameName => ({ id: `${kind} ${name}`, name, kind });

const OTHER = frameName("(other)", "rest");
const DROPPED = frameName("(rows dropped)", "rest");
const UNKNOWN = "[unknown]";

/** Weights are added up in thousandths, as integers: sums of fractions would not return to 0 when all is subtracted. */
const UNITS = 1000;

const unitsOf = (weight: number): number => Math.round(weight * UNITS);

class GrowingFrame implements Frame {
  readonly id: string;
  readonly name: string;
  readonly kind: FrameKind;
  readonly inner = new Map<string, GrowingFrame>();
  #units = 0;
  #sorted: GrowingFrame[] | null = null;

  constructor({ id, name, kind }: FrameName) {
    this.id = id;
    this.name = name;
    this.kind = kind;
  }

  get total(): number {
    return this.#units / UNITS;
  }

  get children(): readonly GrowingFrame[] {
    return this.#sorted ??= [...this.inner.values()].sort((a, b) =>
      b.total - a.total || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
    );
  }

  add(weight: number): void {
    this.#units += unitsOf(weight);
    this.#sorted = null;
  }
}

/** A flame graph to which stacks are added. Its memory is bounded. */
export class FlameGraph {
  readonly root: Frame;
  readonly #root = new GrowingFrame(frameName("all", "root"));
  readonly #maxFrames: number;
  #frames = 0;
  #isCut = false;

  constructor(maxFrames: number = MAX_FRAMES) {
    this.#maxFrames = maxFrames;
    this.root = this.#root;
  }

  /** Stacks did not fit: they are in frames "(other)", and cannot be subtracted. */
  get isCut(): boolean {
    return this.#isCut;
  }

  add({ frames, weight }: WeightedStack): void {
    if (unitsOf(weight) === 0) return;
    let at = this.#root;
    at.add(weight);
    for (const frame of frames) {
      let inner = at.inner.get(frame.id);
      const isFull = inner === undefined && this.#frames >= this.#maxFrames;
      if (isFull) inner = at.inner.get(OTHER.id);
      if (inner === undefined) {
        inner = new GrowingFrame(isFull ? OTHER : frame);
        at.inner.set(inner.id, inner);
        this.#frames++;
      }
      inner.add(weight);
      if (isFull) {
        this.#isCut = true;
        return;
      }
      at = inner;
    }
  }

  /** Subtracts a stack that was added. Only if the graph is not cut. */
  subtract({ frames, weight }: WeightedStack): void {
    if (unitsOf(weight) === 0) return;
    let at = this.#root;
    at.add(-weight);
    for (const { id } of frames) {
      const inner = at.inner.get(id)!;
      inner.add(-weight);
      if (inner.total === 0) {
        at.inner.delete(id);
        this.#frames -= countFrames(inner);
        return;
      }
      at = inner;
    }
  }
}

function countFrames(frame: GrowingFrame): number {
  let count = 1;
  for (const inner of frame.inner.values()) count += countFrames(inner);
  return count;
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
      frameName(thread, "thread"),
      ...names.map((name, i) => frameName(name, i >= names.length - kernelFrames ? "kernel" : "user")),
    ],
  };
}

const withDropped = (stacks: WeightedStack[], weight: number): WeightedStack[] =>
  weight > 0 ? [...stacks, { frames: [DROPPED], weight }] : stacks;

/**
 * The stacks of an interval.
 *
 * @param tool a tool with {@linkcode ToolInfo.flame}
 * @param dropped sums of the rows that the interval does not have any more
 */
export function stacksOf(
  tool: Pick<ToolInfo, "flame">,
  { rows, stacks }: Pick<Tick, "rows" | "stacks">,
  dropped?: Row | null,
): WeightedStack[] {
  const { flame } = tool;
  if (flame === undefined) return [];
  if (!flame.separate) {
    return withDropped(
      rows.flatMap((row) => stackOf(row, flame) ?? []),
      Number(dropped?.[flame.weight] ?? 0),
    );
  }
  const counted = (stacks?.counts ?? []).filter(({ weight }) => weight > 0).map(({ stack, weight }) => ({
    frames: stack.split(";").map((name) => frameName(name, "kernel")),
    weight,
  }));
  return withDropped(counted, stacks?.dropped ?? 0);
}

/** Lines of the folded format: frames joined by semicolons, a blank, the weight. */
export function foldedStacks(root: Frame): string[] {
  const lines: string[] = [];
  const walk = (frame: Frame, path: readonly string[]): void => {
    const self = frame.children.reduce((rest, { total }) => rest - total, frame.total);
    const weight = Math.round(self);
    if (weight > 0 && path.length > 0) lines.push(foldedLine(path, weight));
    for (const child of frame.children) walk(child, [...path, child.name]);
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
  /** Which rows count; absent: all. Rows that the history has dropped cannot be tested: they count only without a test. */
  readonly test?: RowTest;
  /** Intervals of the span that do not count, by time. */
  readonly leaveOut?: ReadonlySet<number>;
  /** Intervals that the same choice has decoded before, which need not be decoded again. */
  readonly decoded?: readonly FlameTick[];
}

/** One interval of a flame graph. */
export interface FlameTick {
  readonly time: number;
  readonly intervalS: number;
  readonly stacks: readonly WeightedStack[];
  /** Key of the column that they add up. */
  readonly weight: string;
}

/** The intervals of a span, oldest first. */
export function flameTicks(
  tool: Pick<ToolInfo, "flame">,
  past: TickHistory,
  { span: { end, ms }, test, leaveOut, decoded = [] }: FlameChoice,
): FlameTick[] {
  const byTime = new Map(decoded.map((tick) => [tick.time, tick]));
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
      const { intervalS, rows, stacks: separate } = one.tick;
      const stacks = test === undefined || separate
        ? stacksOf(tool, one.tick, one.droppedSums)
        : stacksOf(tool, { rows: rows.filter(test) });
      ticks.push({ time, intervalS, stacks, weight: separate?.weight ?? tool.flame?.weight ?? "" });
    }
  }
  return ticks.reverse();
}

/** A flame graph of a span that moves: only what enters and leaves it is added and subtracted. */
export class MovingFlame {
  #graph = new FlameGraph();
  #ticks: readonly FlameTick[] = [];

  /** Moves to these intervals; returns all that was counted in them. */
  moveTo(ticks: readonly FlameTick[]): Frame {
    if (ticks === this.#ticks) return this.#graph.root;
    const [before, now] = [new Set(this.#ticks), new Set(ticks)];
    const left = this.#ticks.filter((tick) => !now.has(tick));
    let entered = ticks.filter((tick) => !before.has(tick));
    if (this.#graph.isCut || left.length + entered.length >= ticks.length) {
      this.#graph = new FlameGraph();
      entered = [...ticks];
    } else {
      for (const { stacks } of left) for (const stack of stacks) this.#graph.subtract(stack);
    }
    for (const { stacks } of entered) for (const stack of stacks) this.#graph.add(stack);
    this.#ticks = ticks;
    return this.#graph.root;
  }
}
