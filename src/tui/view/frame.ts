/**
 * Frames around panes and boxes, with titles and badges.
 *
 * @module
 */
import { type Region, Style, type StyleId } from "../canvas/mod.ts";
import { fitting, type Group, groupWidth, putGroup } from "./runs.ts";
import type { Symbols } from "./symbols.ts";

/** A frame and the text on it. */
export interface FrameInput {
  readonly kind: "box" | "rule";
  readonly style: StyleId;
  readonly symbols: Symbols;
  /** From the left of the upper edge; the first always, the others while there is room, before any badge. */
  readonly title: readonly Group[];
  /** At the right of the upper edge, while there is room; the first is the most important and outermost. */
  readonly badges: readonly Group[];
  /** At the left and the right of the lower edge of a box. */
  readonly bottomLeft?: Group;
  readonly bottomRight?: Group;
}

function drawEdges(region: Region, { style, symbols }: FrameInput): void {
  const right = region.width - 1;
  const bottom = region.height - 1;
  for (let y = 1; y < bottom; y++) {
    region.line(y).glyph(0, symbols.vertical, style);
    region.line(y).glyph(right, symbols.vertical, style);
  }
  region.line(bottom).repeat(symbols.horizontal, style, { from: 0, to: region.width });
  region.line(0).glyph(0, symbols.topLeft, style);
  region.line(0).glyph(right, symbols.topRight, style);
  region.line(bottom).glyph(0, symbols.bottomLeft, style);
  region.line(bottom).glyph(right, symbols.bottomRight, style);
}

const space = { text: " ", style: Style.text } as const;
const spaced = (group: Group): Group => group.length === 0 ? [] : [space, ...group, space];

/** Draws a frame: a box all around, or a rule above. */
export function drawFrame(region: Region, input: FrameInput): void {
  const { kind, style, symbols, title, badges } = input;
  const { width, height } = region;
  const top = region.line(0);
  top.repeat(symbols.horizontal, style, { from: 0, to: width });
  if (kind === "box") drawEdges(region, input);
  const edge = Math.min(2, Math.max(0, Math.floor((width - 12) / 4)));
  const room = width - 2 * edge;
  const [name, ...notes] = title;
  const nameWidth = name ? groupWidth(name) + 2 : 0;
  const shownNotes = fitting(notes.map(spaced), room - nameWidth - 1, 1);
  const notesWidth = shownNotes.reduce((sum, group) => sum + groupWidth(group) + 1, 0);
  const shownBadges = fitting(badges.map(spaced), room - nameWidth - notesWidth - 1, 1);
  let x = edge;
  if (name) x = putGroup(top, x, spaced(name)) + 1;
  for (const group of shownNotes) x = putGroup(top, x, group) + 1;
  let end = width - edge;
  for (const group of shownBadges) {
    end -= groupWidth(group);
    putGroup(top, end, group);
    end -= 1;
  }
  if (kind === "rule" || height < 2) return;
  drawLowerEdge(region, input);
}

function drawLowerEdge(region: Region, { bottomLeft, bottomRight }: FrameInput): void {
  const line = region.line(region.height - 1);
  const right = spaced(bottomRight ?? []);
  const left = spaced(bottomLeft ?? []);
  const start = region.width - 2 - groupWidth(right);
  if (start >= 2 && right.length > 0) putGroup(line, start, right);
  if (left.length > 0 && 2 + groupWidth(left) < (right.length > 0 ? start : region.width - 2)) {
    putGroup(line, 2, left);
  }
}
