/**
 * Text over the panes: help, and the details of a row.
 *
 * @module
 */
import { pad } from "../../text/mod.ts";
import { type Region, Style } from "../canvas/mod.ts";
import {
  type ArrangedText,
  DETAILS_NAME_WIDTH,
  DETAILS_VALUE_WIDTH,
  type DetailsLine,
  HELP_NAME_WIDTH,
  type HelpLine,
} from "../layout/mod.ts";
import { drawFrame } from "./frame.ts";
import type { Group } from "./runs.ts";
import { drawSparkline } from "./sparkline.ts";
import { type Characters, spell } from "./symbols.ts";

function drawHelpLine(region: Region, { kind, name, text }: HelpLine, { ascii }: Characters): void {
  const line = region.line(0);
  if (kind === "heading") line.put(0, name, Style.titleFocus);
  else if (kind === "text") line.put(0, spell(text, ascii));
  else line.put(line.put(0, pad(spell(name, ascii), HELP_NAME_WIDTH), Style.key), spell(text, ascii));
}

/** Draws a line of the details into a region one row high. */
function drawDetailsLine(region: Region, line: DetailsLine, { symbols, ascii }: Characters): void {
  const out = region.line(0);
  switch (line.kind) {
    case "heading":
      out.put(out.put(0, line.name, Style.titleFocus) + 2, line.note, Style.warn);
      break;
    case "value":
      out.put(line.name === "" && line.text === "" ? 0 : nameEnd(region, line.name), line.text, Style.strong);
      if (line.name !== "") out.put(0, line.name, Style.column);
      if (line.note) out.put(DETAILS_NAME_WIDTH + DETAILS_VALUE_WIDTH, spell(line.note, ascii), Style.dim);
      break;
    case "note":
      out.put(0, spell(line.text, ascii), Style.dim);
      break;
    case "graph": {
      out.put(0, line.name, Style.column);
      out.put(DETAILS_NAME_WIDTH, pad(line.text, DETAILS_VALUE_WIDTH), Style.strong);
      const x = DETAILS_NAME_WIDTH + DETAILS_VALUE_WIDTH;
      const graph = region.part({ x, y: 0, width: region.width - x, height: 1 });
      if (graph.width > 0) drawSparkline(graph, { values: line.values, newest: line.newest, symbols });
    }
  }
}

/** Column of the values: beside the names, or at the left if the screen is narrow. */
function nameEnd(region: Region, name: string): number {
  return region.width >= 3 * DETAILS_NAME_WIDTH ? DETAILS_NAME_WIDTH : name === "" ? 0 : DETAILS_NAME_WIDTH;
}

/** The title of the help, and the key of its other page. */
function helpTitle({ note }: { readonly note: string }, { ascii }: Characters): Group[] {
  return [
    [{ text: "Help", style: Style.titleFocus }],
    ...(note === "" ? [] : [[{ text: spell(note, ascii), style: Style.dim }]]),
  ];
}

/** Draws help or details. */
export function drawText(screen: Region, text: ArrangedText, characters: Characters): void {
  const { boxed, outer, inner, first, lines } = text;
  const region = screen.part(outer);
  region.clear();
  if (boxed) {
    drawFrame(region, {
      kind: "box",
      style: Style.borderFocus,
      symbols: characters.symbols,
      title: text.kind === "help"
        ? helpTitle(text, characters)
        : [[{ text: "Details", style: Style.titleFocus }]],
      badges: [],
      bottomRight: [{ text: `${first + inner.height}/${lines.length}`, style: Style.dim }],
    });
  }
  for (let y = 0; y < inner.height; y++) {
    const part = screen.part({ ...inner, y: inner.y + y, height: 1 });
    if (text.kind === "help") drawHelpLine(part, text.lines[first + y]!, characters);
    else drawDetailsLine(part, text.lines[first + y]!, characters);
  }
}
