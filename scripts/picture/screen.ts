/**
 * The default screen of the demo recording, drawn by ktop's own code, as cells with their colours.
 *
 * @module
 */
import { bytesSource, initialModel, nextModel, RecordingReader } from "../../src/recording/mod.ts";
import { TOOLS } from "../../src/tools/mod.ts";
import { type Grid, Style, type Theme, THEMES } from "../../src/tui/canvas/mod.ts";
import { arrangeScreen } from "../../src/tui/keys/mod.ts";
import { initialUi } from "../../src/tui/state/mod.ts";
import { view } from "../../src/tui/view/mod.ts";

/** Size of the terminal in the picture. */
export const SIZE = { width: 120, height: 40 } as const;

/** The demo recording. */
const DEMO = new URL("../../src/cli/demo/recording.gz", import.meta.url);

/** Ticks that are played before the picture: the graphs have a minute to show. */
const TICKS = 66;

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

/** The commands of a live monitor. */
const LIVE = [
  "quit",
  "clear",
  "setInterval",
  "toggleAllTypes",
  "toggleCost",
  "setPivot",
  "watchProcess",
] as const;

/** The default screen after a minute of the demo recording, as a live ktop shows it. */
export async function demoScreen(): Promise<Cell[][]> {
  const recording = await RecordingReader.open(bytesSource("The demo", await Deno.readFile(DEMO)), TOOLS);
  let model = initialModel(recording.header);
  let played = 0;
  for await (const { tick } of recording.ticks()) {
    model = nextModel(model, recording.header, tick);
    if (++played === TICKS) break;
  }
  const screen = arrangeScreen({
    ui: initialUi(model.tools.length),
    model,
    size: SIZE,
    capabilities: new Set(LIVE),
  });
  return gridCells(view(screen, false), THEMES.dark);
}
