/**
 * The details of a row over the panes.
 *
 * @module
 */
import { pad } from "../../text/width.ts";
import { type Region, Style } from "../canvas/mod.ts";
import {
  DETAILS_NAME_WIDTH,
  DETAILS_VALUE_WIDTH,
  detailsBox,
  type DetailsLine,
  detailsLines,
} from "../layout/mod.ts";
import type { Context } from "../state/mod.ts";
import { drawSparkline } from "./sparkline.ts";
import { spell, type Symbols } from "./symbols.ts";
import { drawText } from "./text_box.ts";

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
      if (graph.width > 0) drawSparkline(graph, { values: line.values, newest: line.newest, symbols });
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
  const box = detailsBox(context.size);
  drawText(region, {
    title: "Details",
    box,
    lines: detailsLines(context, box.width),
    top: context.ui.overlay.top,
    symbols: look.symbols,
    drawLine: (line, content) => drawLine(line, content, look),
  });
}
