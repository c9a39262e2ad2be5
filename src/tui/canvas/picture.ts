/**
 * What pictures of a screen share: colours, and neighbouring cells that are drawn as one.
 *
 * @module
 */
import type { Cell, CellStyle } from "./cells.ts";
import type { Theme } from "./style.ts";
import type { TerminalColors } from "./theme.ts";

/** The colours of a picture. */
export interface PictureColors {
  readonly theme: Theme;
  readonly terminal: TerminalColors;
}

/** The colours a cell is drawn in; null: the screen's background. */
export function colors(
  { fg, bg, reverse }: CellStyle,
  { ink, paper }: TerminalColors,
): { ink: string; paper: string | null } {
  return reverse ? { ink: bg ?? paper, paper: fg ?? ink } : { ink: fg ?? ink, paper: bg };
}

/** Divides a line into runs of neighbours that are alike: each is compared with the first of its run. */
export function runsOf(cells: readonly Cell[], areAlike: (first: Cell, next: Cell) => boolean): Cell[][] {
  const out: Cell[][] = [];
  for (const cell of cells) {
    const run = out.at(-1);
    if (run && areAlike(run[0]!, cell)) run.push(cell);
    else out.push([cell]);
  }
  return out;
}
