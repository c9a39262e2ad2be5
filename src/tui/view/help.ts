/**
 * The help over the panes.
 *
 * @module
 */
import { pad } from "../../text/width.ts";
import { type Line, type Region, Style } from "../canvas/mod.ts";
import { HELP_NAME_WIDTH, type HelpLine, helpLines } from "../keys/mod.ts";
import { helpBox } from "../layout/mod.ts";
import type { Context } from "../state/mod.ts";
import { spell, type Symbols } from "./symbols.ts";
import { drawText } from "./text_box.ts";

function drawLine(line: Line, { kind, name, text }: HelpLine, ascii: boolean): void {
  if (kind === "heading") line.put(0, name, Style.titleFocus);
  else if (kind === "text") line.put(0, spell(text, ascii));
  else line.put(line.put(0, pad(spell(name, ascii), HELP_NAME_WIDTH), Style.key), spell(text, ascii));
}

/** Draws the help, when it is open, into the region between header and footer. */
export function drawHelp(region: Region, context: Context, { symbols, ascii }: {
  symbols: Symbols;
  ascii: boolean;
}): void {
  if (context.ui.overlay?.kind !== "help") return;
  drawText(region, {
    title: "Help",
    box: helpBox(context.size),
    lines: helpLines(context),
    top: context.ui.overlay.top,
    symbols,
    drawLine: (part, content) => drawLine(part.line(0), content, ascii),
  });
}
