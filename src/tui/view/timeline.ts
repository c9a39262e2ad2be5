/**
 * The timeline of a replay, above the footer.
 *
 * @module
 */
import type { PeakKind } from "../../model/mod.ts";
import { type Line, Style, type StyleId } from "../canvas/mod.ts";
import type { ArrangedTimeline, TimelineCell } from "../layout/mod.ts";
import { niceCeiling } from "./sparkline.ts";
import type { Symbols } from "./symbols.ts";

const STYLES: Readonly<Record<PeakKind, StyleId>> = {
  reads: Style.barHigh,
  latency: Style.warn,
  lost: Style.bad,
};

const BLANK = 0x20;

/** A bar for the reads; a mark in its place for a long latency or a loss. */
function glyphOf({ reads, mark }: TimelineCell, scale: number, symbols: Symbols): number {
  if (mark === "lost") return symbols.loss;
  if (mark === "latency") return symbols.ascending;
  const steps = symbols.rising.length;
  const level = reads > 0 ? Math.max(1, Math.round(reads / scale * steps)) : 0;
  return level === 0 ? symbols.baseline : symbols.rising[Math.min(steps, level) - 1]!;
}

function styleOf({ reads, mark }: TimelineCell): StyleId {
  return mark === null ? (reads > 0 ? Style.barMiddle : Style.barNone) : STYLES[mark];
}

/** Draws bars of the reads over the time of the recording, blank where nothing was recorded, with the shown moment as the cursor. */
export function drawTimeline(line: Line, timeline: ArrangedTimeline, symbols: Symbols): void {
  const { x, cells, cursor, from, to, legend, mostReads } = timeline;
  const scale = niceCeiling(mostReads);
  line.put(1, from, Style.dim);
  cells.forEach((cell, i) => {
    const glyph = cell === null ? BLANK : glyphOf(cell, scale, symbols);
    if (i === cursor) line.glyph(x + i, glyph, Style.selected);
    else if (cell !== null) line.glyph(x + i, glyph, styleOf(cell));
  });
  let end = line.put(x + cells.length + 1, to, Style.dim);
  for (const { kind, text } of legend) end = line.put(end + 2, text, STYLES[kind]);
}
