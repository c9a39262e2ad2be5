/**
 * Pieces of text with a style each, and lines made of groups of them.
 *
 * @module
 */
import { displayWidth } from "../../text/mod.ts";
import type { Line, StyleId } from "../canvas/mod.ts";

/** Text in one style. */
export interface Run {
  readonly text: string;
  readonly style: StyleId;
}

/** Runs that are shown together or not at all. */
export type Group = readonly Run[];

/** Cells a group takes. */
export function groupWidth(group: Group): number {
  return group.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

/** Puts a group at a column; returns the column after it. */
export function putGroup(line: Line, x: number, group: Group): number {
  return group.reduce((at, { text, style }) => line.put(at, text, style), x);
}

/** The first groups that fit into `width` cells with `gap` cells between them. */
export function fitting(groups: readonly Group[], width: number, gap: number): Group[] {
  const out: Group[] = [];
  let used = 0;
  for (const group of groups) {
    const next = used + (out.length > 0 ? gap : 0) + groupWidth(group);
    if (next > width) break;
    out.push(group);
    used = next;
  }
  return out;
}
