/**
 * The menu of columns to sort by.
 *
 * @module
 */
import { displayWidth, pad } from "../../text/width.ts";
import { type Region, Style } from "../canvas/mod.ts";
import { type Context, focused, scrollTop, sortChoices } from "../state/mod.ts";
import { drawFrame } from "./frame.ts";
import type { Symbols } from "./symbols.ts";

/** Draws the menu over the focused pane's region. */
export function drawSortMenu(region: Region, context: Context, symbols: Symbols): void {
  const target = focused(context);
  const overlay = context.ui.overlay;
  if (!target || overlay?.kind !== "sort") return;
  const choices = sortChoices(target.tool);
  const titleWidth = Math.max(0, ...choices.map(({ title }) => displayWidth(title)));
  const textWidth = Math.max(0, ...choices.map(({ description }) => displayWidth(description)));
  const indent = region.width >= 40 ? 2 : 0;
  const outer = region.part({
    x: indent,
    y: region.height > choices.length + 2 ? 1 : 0,
    width: Math.min(region.width - 2 * indent, titleWidth + textWidth + 6),
    height: Math.min(region.height, choices.length + 2),
  });
  outer.clear();
  drawFrame(outer, {
    kind: "box",
    style: Style.borderFocus,
    symbols,
    title: [[{ text: "Sort by", style: Style.titleFocus }]],
    badges: [],
  });
  const inner = outer.part({ x: 1, y: 1, width: outer.width - 2, height: outer.height - 2 });
  const top = scrollTop(0, overlay.selected, { height: inner.height, count: choices.length });
  for (let y = 0; y < inner.height; y++) {
    const choice = choices[top + y];
    if (!choice) break;
    const line = inner.line(y);
    const x = line.put(1, pad(choice.title, titleWidth), Style.strong);
    line.put(x + 2, choice.description, Style.dim);
    if (top + y === overlay.selected) line.restyle(Style.selected);
  }
}
