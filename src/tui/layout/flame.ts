/**
 * A flame graph as bars: the outermost frame at the top, each as wide as its part of the frame that is zoomed into.
 *
 * @module
 */
import {
  FLAME_SPAN_MS,
  type FlameTick,
  flameTicks,
  type Frame,
  isShownRow,
  MovingFlame,
  narrowingKey,
  type RowTest,
  textColumns,
  type ToolModel,
} from "../../model/mod.ts";
import type { Size } from "../canvas/mod.ts";
import { clamp, divided, type FlameUi, nameTest, type PaneContent, rowTest } from "../state/mod.ts";
import { scrollTop } from "./parts.ts";

/** Smallest flame graph: what is selected, and the frames beside it. */
export const FLAME_MIN: Size = { width: 8, height: 2 };

/** A frame on the screen. */
export interface FlameBar {
  readonly frame: Frame;
  /** Ids of the frames from the outermost one to this. */
  readonly path: readonly string[];
  readonly x: number;
  readonly width: number;
  /** The filter's text is in its name. */
  readonly isFound: boolean;
}

/** What the bars were made from, to be used again. */
interface FlameSource {
  readonly pastTicks: ToolModel["pastTicks"];
  readonly end: number;
  readonly leaveOut: ReadonlySet<number> | undefined;
  /** Filter and process of the rows that count. */
  readonly choice: string;
  readonly ticks: readonly FlameTick[];
  readonly moving: MovingFlame;
}

/** A flame graph in a pane. */
export interface ArrangedFlame {
  readonly source: FlameSource;
  readonly root: Frame;
  /** Key of the column that it adds up. */
  readonly weight: string;
  /** Seconds that were measured. */
  readonly seconds: number;
  /** Bars of each depth, left to right. A frame whose edges round to the same cell is not drawn. */
  readonly levels: readonly (readonly FlameBar[])[];
  readonly selected: FlameBar;
  /** Ids of the frame that is zoomed into. */
  readonly zoom: readonly string[];
  /** Index of the first level shown. */
  readonly first: number;
  /** What was counted in frames that the filter found, with what is inside them; null: there is no filter of names. */
  readonly foundTotal: number | null;
}

/** The intervals of the last minute, and what was counted in them. */
function gathered(
  content: PaneContent,
  before: ArrangedFlame | undefined,
): Pick<ArrangedFlame, "source" | "root"> {
  const { tool, filter, pane } = content;
  const { pastTicks, otherScope, only } = tool;
  const end = tool.tick?.time ?? 0;
  const { rows } = divided(filter);
  const choice = `${narrowingKey(only)} ${rows.conditions.length === 0 ? "" : pane.filter}`;
  const source = before?.source;
  const isKnown = source !== undefined && source.choice === choice && !filter.pending;
  const isSame = source?.pastTicks === pastTicks && source.end === end && source.leaveOut === otherScope;
  if (isKnown && isSame) {
    return { source, root: source.moving.moveTo(source.ticks) };
  }
  const filterTest = rowTest(rows, textColumns(tool.tool, true), tool.tick?.intervalS ?? 1);
  const test: RowTest = (row) => isShownRow(row, only) && filterTest(row);
  const ticks = flameTicks(tool.tool, pastTicks, {
    span: { end, ms: FLAME_SPAN_MS },
    ...(choice === " " ? {} : { test }),
    ...(otherScope ? { leaveOut: otherScope } : {}),
    decoded: isKnown ? source.ticks : [],
  });
  const moving = isKnown ? source.moving : new MovingFlame();
  return {
    source: { pastTicks, end, leaveOut: otherScope, choice, ticks, moving },
    root: moving.moveTo(ticks),
  };
}

/** The frames of a path as far as it exists: at least the outermost one. */
function framesAlong(root: Frame, path: readonly string[]): Frame[] {
  const frames = [root];
  for (const id of path) {
    const next = frames.at(-1)!.children.find((child) => child.id === id);
    if (next === undefined) break;
    frames.push(next);
  }
  return frames;
}

/** A test of names that remembers its results: a graph has the same names many times. */
function remembering(test: (name: string) => boolean): (name: string) => boolean {
  const results = new Map<string, boolean>();
  return (name) => {
    const result = results.get(name) ?? test(name);
    results.set(name, result);
    return result;
  };
}

/** What was counted in frames whose name passes, each only once. */
function foundIn(frame: Frame, passes: (name: string) => boolean): number {
  if (frame.kind !== "root" && passes(frame.name)) return frame.total;
  return frame.children.reduce((sum, child) => sum + foundIn(child, passes), 0);
}

/** The bars of each level: the outer frames of the zoomed one are as wide as the pane. */
function barsOf(
  zoomed: readonly Frame[],
  width: number,
  passes: ((name: string) => boolean) | null,
): FlameBar[][] {
  const levels: FlameBar[][] = [];
  const isFound = ({ name, kind }: Frame): boolean => kind !== "root" && passes !== null && passes(name);
  const path: string[] = [];
  zoomed.slice(0, -1).forEach((frame, depth) => {
    if (depth > 0) path.push(frame.id);
    levels.push([{ frame, path: [...path], x: 0, width, isFound: isFound(frame) }]);
  });
  const whole = zoomed.at(-1)!;
  const cell = (amount: number): number => Math.round(amount / whole.total * width);
  const place = (
    frame: Frame,
    { from, depth, outer }: { from: number; depth: number; outer: readonly string[] },
  ): void => {
    const x = cell(from);
    const cells = cell(from + frame.total) - x;
    if (cells === 0) return;
    const own = depth === 0 ? outer : [...outer, frame.id];
    (levels[depth] ??= []).push({ frame, path: own, x, width: cells, isFound: isFound(frame) });
    let next = from;
    for (const child of frame.children) {
      place(child, { from: next, depth: depth + 1, outer: own });
      next += child.total;
    }
  };
  place(whole, { from: 0, depth: zoomed.length - 1, outer: path });
  return levels;
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);

/** The bar of the selected frame, or of the nearest outer one that is on the screen. */
function selectedBar(levels: ArrangedFlame["levels"], path: readonly string[]): FlameBar {
  for (let depth = Math.min(path.length, levels.length - 1); depth > 0; depth--) {
    const bar = levels[depth]!.find((one) => isSame(one.path, path.slice(0, depth)));
    if (bar) return bar;
  }
  return levels[0]![0]!;
}

/** The flame graph of a pane; null if there is no room or nothing was counted. */
export function arrangeFlame(content: PaneContent, size: Size, before?: ArrangedFlame): ArrangedFlame | null {
  if (size.width < FLAME_MIN.width || size.height < FLAME_MIN.height) return null;
  const { source, root } = gathered(content, before);
  if (root.total === 0) return null;
  const { names } = divided(content.filter);
  const passes = names.conditions.length === 0 ? null : remembering(nameTest(names));
  const { flame } = content.pane;
  const zoomed = framesAlong(root, flame.zoom);
  const levels = barsOf(zoomed, size.width, passes);
  const selected = selectedBar(levels, flame.selected);
  const height = size.height - 1;
  const at = selected.path.length;
  const first = scrollTop(at - Math.floor(height / 2), clamp(at + 1, 0, levels.length - 1), {
    height,
    count: levels.length,
  });
  return {
    source,
    root,
    weight: source.ticks.at(-1)!.weight,
    seconds: source.ticks.reduce((sum, { intervalS }) => sum + intervalS, 0),
    levels,
    selected,
    zoom: zoomed.slice(1).map(({ id }) => id),
    first: Math.min(first, at),
    foundTotal: passes === null ? null : foundIn(root, passes),
  };
}

/** The state with the frame selected that is some levels inwards, the widest of each (negative: outwards). */
export function selectInwards(
  { levels, selected }: ArrangedFlame,
  flame: FlameUi,
  levelsIn: number,
): FlameUi {
  let bar = selected;
  for (let i = 0; i < levelsIn; i++) {
    const inner = levels[bar.path.length + 1]?.filter(({ path }) => isSame(path.slice(0, -1), bar.path)) ??
      [];
    const widest = inner.reduce<FlameBar | null>(
      (best, one) => best === null || one.width > best.width ? one : best,
      null,
    );
    if (widest === null) break;
    bar = widest;
  }
  const depth = Math.max(0, bar.path.length + Math.min(0, levelsIn));
  return { ...flame, selected: bar.path.slice(0, depth) };
}

/** The state with the next bar of the same level selected, or the previous one. */
export function selectBeside({ levels, selected }: ArrangedFlame, flame: FlameUi, step: 1 | -1): FlameUi {
  const bars = levels[selected.path.length]!;
  const next = bars[bars.indexOf(selected) + step];
  return next ? { ...flame, selected: next.path } : flame;
}
