/**
 * The details of a row over the panes.
 *
 * @module
 */
import { pad } from "../../text/width.ts";
import { type Region, Style } from "../canvas/mod.ts";
import {
  clamp,
  type Context,
  DETAILS_NAME_WIDTH,
  DETAILS_VALUE_WIDTH,
  detailsBox,
  type DetailsLine,
  detailsLines,
} from "../state/mod.ts";
import { drawFrame } from "./frame.ts";
import { drawSparkline } from "./sparkline.ts";
import { spell, type Symbols } from "./symbols.ts";

interface Look {
  readonly symbols: Symbols;
  readonly ascii: boolean;
}

function drawLine(region: Region, line: DetailsLine, { symbols, ascii }: Look): void {
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
      if (graph.width > 0) drawSparkline(graph, { values: line.values, newest: line.values.length, symbols });
    }
  }
}

/** Where values stand: beside the names, or at the left where the screen is narrow. */
function nameEnd(region: Region, name: string): number {
  return region.width >= 3 * DETAILS_NAME_WIDTH ? DETAILS_NAME_WIDTH : name === "" ? 0 : DETAILS_NAME_WIDTH;
}

/** Draws the details, when they are open, into the region between header and footer. */
export function drawDetails(region: Region, context: Context, look: Look): void {
  if (context.ui.overlay?.kind !== "details") return;
  const { boxed, width, rows } = detailsBox(context.size);
  const lines = detailsLines(context, width);
  const shown = Math.min(rows, lines.length);
  const top = clamp(context.ui.overlay.top, 0, Math.max(0, lines.length - rows));
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
      symbols: look.symbols,
      title: [[{ text: "Details", style: Style.titleFocus }]],
      badges: [],
      bottomRight: [{ text: `${top + shown}/${lines.length}`, style: Style.dim }],
    });
  }
  const inner = outer.part({ x: margin, y: boxed ? 1 : 0, width, height: shown });
  for (let y = 0; y < shown; y++) {
    drawLine(inner.part({ x: 0, y, width, height: 1 }), lines[top + y] as DetailsLine, look);
  }
}
