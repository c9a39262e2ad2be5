/**
 * The timeline of a replay, above the footer.
 *
 * @module
 */
import type { PeakKind } from "../../model/mod.ts";
import { type Line, Style, type StyleId } from "../canvas/mod.ts";
import type { ArrangedTimeline, TimelineCell } from "../layout/mod.ts";
import type { Symbols } from "./symbols.ts";

const STYLES: Readonly<Record<PeakKind, StyleId>> = {
  reads: Style.barHigh,
  written: Style.barHigh,
  latency: Style.warn,
  lost: Style.bad,
};

const BLANK = 0x20;

const WRITTEN = 0x57;

/** The mark of a peak; null: reads, whose bar shows it. */
function markOf(kind: PeakKind, symbols: Symbols): number | null {
  switch (kind) {
    case "lost":
      return symbols.loss;
    case "latency":
      return symbols.ascending;
    case "written":
      return WRITTEN;
    case "reads":
      return null;
  }
}

/** A bar for the reads, or the mark of a peak in its place. @param scale the highest number of reads */
function glyphOf({ reads, mark }: TimelineCell, scale: number, symbols: Symbols): number {
  const glyph = mark && markOf(mark, symbols);
  if (glyph !== null) return glyph;
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
  line.put(1, from, Style.dim);
  cells.forEach((cell, i) => {
    const glyph = cell === null ? BLANK : glyphOf(cell, mostReads, symbols);
    if (i === cursor) line.glyph(x + i, glyph, Style.selected);
    else if (cell !== null) line.glyph(x + i, glyph, styleOf(cell));
  });
  let end = line.put(x + cells.length + 1, to, Style.dim);
  for (const { kind, text } of legend) {
    const mark = markOf(kind, symbols);
    if (mark !== null) line.glyph(end + 2, mark, STYLES[kind]);
    end = line.put(end + (mark === null ? 2 : 4), text, STYLES[kind]);
  }
}
