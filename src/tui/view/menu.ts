/**
 * Menus: lists from which one entry is chosen.
 *
 * @module
 */
import { truncate } from "../../text/mod.ts";
import { type Line, type Region, Style, type StyleId } from "../canvas/mod.ts";
import type { ArrangedMenu } from "../layout/mod.ts";
import { drawFrame } from "./frame.ts";
import type { Group } from "./runs.ts";
import { type Characters, spell, type Symbols } from "./symbols.ts";

/** Before the entry in use. */
const USED = "*";

function drawEntry(line: Line, { entries, widths }: ArrangedMenu, { index, symbols, ascii }: Characters & {
  index: number;
}): void {
  const entry = entries[index];
  if (!entry) return;
  const parts: readonly (readonly [text: string, width: number, style: StyleId])[] = [
    [entry.mark, widths.mark, Style.key],
    [entry.name, widths.name, entry.dim ? Style.dim : Style.strong],
    [entry.status, widths.status, entry.dim ? Style.warn : Style.badge],
    [spell(entry.text, ascii), widths.text, Style.dim],
  ];
  if (entry.used) line.put(0, USED, Style.key);
  let x = 1;
  for (const [text, width, style] of parts) {
    if (width === 0) continue;
    const end = line.put(x, truncate(text, line.width - x, symbols.ellipsis), style);
    if (entry.typed && text === entry.status) line.glyph(end, symbols.cursor, Style.filter);
    x += width + 2;
  }
}

/** The text that finds entries, or that there is such a search. */
function searchNote(search: string | null, { cursor }: Symbols): Group[] {
  if (search === null) return [];
  if (search === "") return [[{ text: "type to search", style: Style.dim }]];
  return [[{ text: search + String.fromCodePoint(cursor), style: Style.filter }]];
}

/** Draws a menu. */
export function drawMenu(screen: Region, menu: ArrangedMenu, { symbols, ascii }: Characters): void {
  const { title, note, search, entries, selected, outer, inner, boxed, first, detail } = menu;
  const region = screen.part(outer);
  region.clear();
  if (boxed) {
    const last = Math.min(entries.length, first + inner.height);
    drawFrame(region, {
      kind: "box",
      style: Style.borderFocus,
      symbols,
      title: [[{ text: title, style: Style.titleFocus }], ...searchNote(search, symbols)],
      badges: [],
      bottomLeft: note === "" ? [] : [{ text: note, style: Style.dim }],
      bottomRight: inner.height < entries.length
        ? [{ text: `${last}/${entries.length}`, style: Style.dim }]
        : [],
    });
  }
  const list = screen.part(inner);
  if (entries.length === 0) list.line(0).put(1, "nothing matches", Style.dim);
  for (let y = 0; y < list.height; y++) {
    const line = list.line(y);
    drawEntry(line, menu, { index: first + y, symbols, ascii });
    if (first + y === selected) line.restyle(Style.selected);
  }
  for (const [i, text] of detail.entries()) {
    const line = screen.part({ ...inner, y: inner.y + inner.height + i, height: 1 }).line(0);
    line.put(1, truncate(spell(text, ascii), line.width - 2, symbols.ellipsis), Style.dim);
  }
}
