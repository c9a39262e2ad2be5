/**
 * The cells of a grid with the colours of a theme, for pictures.
 *
 * @module
 */
import type { Grid } from "./grid.ts";
import { Style, type Theme } from "./style.ts";

/** How a cell looks. Colours are `#rrggbb`; null is the terminal's own. */
export interface CellStyle {
  readonly fg: string | null;
  readonly bg: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly reverse: boolean;
}

/** A character on the screen. */
export interface Cell {
  readonly text: string;
  /** Column, from 0. */
  readonly x: number;
  /** Columns it takes: 1 or 2. */
  readonly width: number;
  readonly style: CellStyle;
}

const hex = (rgb: number): string => `#${rgb.toString(16).padStart(6, "0")}`;

/** The look of every style of a theme, by style id. */
function cellStyles(theme: Theme): CellStyle[] {
  const styles: CellStyle[] = [];
  for (const [name, id] of Object.entries(Style)) {
    const { fg, bg, bold = false, faint = false, underline = false, reverse = false } =
      theme[name as keyof typeof Style];
    styles[id] = {
      fg: fg ? hex(fg.rgb) : null,
      bg: bg ? hex(bg.rgb) : null,
      bold,
      dim: faint,
      underline,
      reverse,
    };
  }
  return styles;
}

/** The lines of a grid. */
export function gridCells(grid: Grid, theme: Theme): Cell[][] {
  const styles = cellStyles(theme);
  return Array.from({ length: grid.height }, (_, y) => {
    const cells: Cell[] = [];
    for (let x = 0; x < grid.width; x++) {
      const index = y * grid.width + x;
      const text = grid.text(index);
      if (text !== "") cells.push({ text, x, width: grid.cells(index), style: styles[grid.style(index)]! });
    }
    return cells;
  });
}
