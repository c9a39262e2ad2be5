/**
 * The help over the panes.
 *
 * @module
 */
import { pad } from "../../text/width.ts";
import { type Line, type Region, Style } from "../canvas/mod.ts";
import { clamp, type Context, HELP_NAME_WIDTH, helpBox, type HelpLine, helpLines } from "../state/mod.ts";
import { drawFrame } from "./frame.ts";
import { spell, type Symbols } from "./symbols.ts";

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
  const { boxed, width, rows } = helpBox(context.size);
  const lines = helpLines(context);
  const shown = Math.min(rows, lines.length);
  const top = clamp(context.ui.overlay.top, 0, lines.length - rows);
  const margin = boxed ? 2 : 0;
  const outer = region.part({
    x: Math.floor((region.width - width) / 2) - margin,
    y: Math.floor((region.height - shown - margin) / 2),
    width: width + 2 * margin,
    height: shown + margin,
  });
  outer.clear();
  if (boxed) {
    drawFrame(outer, {
      kind: "box",
      style: Style.borderFocus,
      symbols,
      title: [[{ text: "Help", style: Style.titleFocus }]],
      badges: [],
      bottomRight: [{ text: `${top + shown}/${lines.length}`, style: Style.dim }],
    });
  }
  const inner = outer.part({ x: margin, y: boxed ? 1 : 0, width, height: shown });
  for (let y = 0; y < shown; y++) drawLine(inner.line(y), lines[top + y] as HelpLine, ascii);
}
