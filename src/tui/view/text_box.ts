/**
 * Text that lies over the panes and is scrolled.
 *
 * @module
 */
import { clamp, type Region, Style } from "../canvas/mod.ts";
import type { TextBox } from "../layout/mod.ts";
import { drawFrame } from "./frame.ts";
import type { Symbols } from "./symbols.ts";

/** What is drawn. */
export interface TextInput<T> {
  readonly title: string;
  readonly box: TextBox;
  readonly lines: readonly T[];
  /** Index of the first line shown. */
  readonly top: number;
  readonly symbols: Symbols;
  /** Draws one line into a region one row high. */
  readonly drawLine: (region: Region, line: T) => void;
}

/** Draws as many lines as there is room for into the middle of the region. */
export function drawText<T>(region: Region, input: TextInput<T>): void {
  const { title, box, lines, symbols, drawLine } = input;
  const { boxed, width, rows } = box;
  const shown = Math.min(rows, lines.length);
  const top = clamp(input.top, 0, Math.max(0, lines.length - rows));
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
      title: [[{ text: title, style: Style.titleFocus }]],
      badges: [],
      bottomRight: [{ text: `${top + shown}/${lines.length}`, style: Style.dim }],
    });
  }
  const inner = outer.part({ x: margin, y: boxed ? 1 : 0, width, height: shown });
  lines.slice(top, top + shown).forEach((line, y) =>
    drawLine(inner.part({ x: 0, y, width, height: 1 }), line)
  );
}
