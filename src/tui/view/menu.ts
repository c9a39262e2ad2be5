/**
 * Menus: lists from which one entry is chosen.
 *
 * @module
 */
import { truncate } from "../../text/width.ts";
import { type Line, type Region, Style, type StyleId } from "../canvas/mod.ts";
import { entryWidths, type Menu, menuBox, menuOf } from "../layout/mod.ts";
import type { Context } from "../state/mod.ts";
import { drawFrame } from "./frame.ts";
import { spell, type Symbols } from "./symbols.ts";

function drawEntry(line: Line, entries: Menu["entries"], { index, symbols, ascii }: {
  index: number;
  symbols: Symbols;
  ascii: boolean;
}): void {
  const entry = entries[index];
  if (!entry) return;
  const widths = entryWidths(entries);
  const parts: readonly (readonly [text: string, width: number, style: StyleId])[] = [
    [entry.mark, widths.mark, Style.key],
    [entry.name, widths.name, entry.dim ? Style.dim : Style.strong],
    [entry.status, widths.status, entry.dim ? Style.warn : Style.badge],
    [spell(entry.text, ascii), widths.text, Style.dim],
  ];
  let x = 1;
  for (const [text, width, style] of parts) {
    if (width === 0) continue;
    line.put(x, truncate(text, line.width - x, symbols.ellipsis), style);
    x += width + 2;
  }
}

/** Draws the menu, when one is open, where the state says it stands. */
export function drawMenu(screen: Region, context: Context, { symbols, ascii }: {
  symbols: Symbols;
  ascii: boolean;
}): void {
  const menu = menuOf(context);
  if (!menu) return;
  const { outer, inner, boxed, first } = menuBox(context, menu);
  const region = screen.part(outer);
  region.clear();
  if (boxed) {
    const last = Math.min(menu.entries.length, first + inner.height);
    drawFrame(region, {
      kind: "box",
      style: Style.borderFocus,
      symbols,
      title: [[{ text: menu.title, style: Style.titleFocus }]],
      badges: [],
      bottomRight: inner.height < menu.entries.length
        ? [{ text: `${last}/${menu.entries.length}`, style: Style.dim }]
        : [],
    });
  }
  const list = screen.part(inner);
  for (let y = 0; y < list.height; y++) {
    const line = list.line(y);
    drawEntry(line, menu.entries, { index: first + y, symbols, ascii });
    if (first + y === menu.selected) line.restyle(Style.selected);
  }
}
