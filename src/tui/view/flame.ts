/**
 * A flame graph: what is selected, and below it a bar for each frame, the outermost at the top.
 *
 * @module
 */
import { type Column, formatValue, type FrameKind } from "../../model/mod.ts";
import { clockTime, displayWidth, truncate } from "../../text/mod.ts";
import { type Line, type Region, Style, type StyleId } from "../canvas/mod.ts";
import type { ArrangedFlame, ArrangedPane, FlameBar } from "../layout/mod.ts";
import type { Drawing } from "./over_time.ts";
import type { Symbols } from "./symbols.ts";

const STYLES: Readonly<Record<FrameKind, StyleId>> = {
  root: Style.flameThread,
  thread: Style.flameThread,
  user: Style.flameUser,
  kernel: Style.flameKernel,
  rest: Style.flameThread,
};

/** Cells of a value. */
const VALUE_WIDTH = 12;
/** Cells that a name keeps before its numbers. */
const MIN_NAME = 20;

const percent = (part: number, whole: number): string => `${(100 * part / whole).toFixed(1)}%`;

/** The selected frame: name, weight, its part of all; what the filter found; which time is added up. */
function drawSelected(line: Line, flame: ArrangedFlame, { weight, past, symbols }: {
  weight: Column;
  past: boolean;
  symbols: Symbols;
}): void {
  const { root, selected: { frame }, foundTotal, seconds, source: { end } } = flame;
  const value = formatValue(weight, frame.total, 1, VALUE_WIDTH).trim();
  const part = percent(frame.total, root.total);
  const least = Math.min(displayWidth(frame.name), MIN_NAME);
  const numbers = [`${weight.title} ${value}  ${part}`, `${value}  ${part}`]
    .find((text) => least + 2 + displayWidth(text) <= line.width) ?? part;
  const found = foundTotal === null ? "" : `found ${percent(foundTotal, root.total)}`;
  const time = `${Math.round(seconds)}s until ${past ? clockTime(end) : "now"}`;
  const ends = [numbers, found, time].filter((text) => text !== "");
  const fixed = (texts: readonly string[]): number =>
    texts.reduce((sum, text) => sum + displayWidth(text) + 2, 0);
  while (ends.length > 1 && least + fixed(ends) > line.width) ends.pop();
  const name = truncate(frame.name, Math.max(1, line.width - fixed(ends)), symbols.ellipsis);
  let x = line.put(0, name, Style.strong);
  for (const text of ends) {
    x = line.put(x + 2, text, text === found ? Style.filter : text === time ? Style.dim : Style.text);
  }
}

function drawBar(line: Line, { frame, x, width, isFound }: FlameBar, { selected, symbols }: {
  selected: boolean;
  symbols: Symbols;
}): void {
  const style = selected ? Style.selected : isFound ? Style.flameFound : STYLES[frame.kind];
  line.repeat(0x20, style, { from: x, to: x + width });
  line.glyph(x, symbols.edge, style);
  if (width > 1) line.put(x + 1, truncate(frame.name, width - 1, symbols.ellipsis), style);
}

/** Draws the flame graph of a pane, if it has one. */
export function drawPaneFlame(
  region: Region,
  { tool, flame, focused }: ArrangedPane,
  { past, symbols }: Drawing,
): boolean {
  const weight = tool.tool.columns.find(({ key }) => key === flame?.weight);
  if (flame === null || weight === undefined) return false;
  drawSelected(region.line(0), flame, { weight, past, symbols });
  flame.levels.slice(flame.first, flame.first + region.height - 1).forEach((bars, y) => {
    for (const bar of bars) {
      drawBar(region.line(y + 1), bar, { selected: focused && bar === flame.selected, symbols });
    }
  });
  return true;
}
