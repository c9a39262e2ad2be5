/**
 * The whole screen.
 *
 * @module
 */
import { Grid, Region, type Size } from "../canvas/mod.ts";
import { hiddenPaneCount, type Screen } from "../layout/mod.ts";
import { drawFooterLine } from "./footer.ts";
import { drawHeaderLine } from "./header.ts";
import { drawSecondLine } from "./machine_line.ts";
import { drawMenu } from "./menu.ts";
import type { Drawing } from "./over_time.ts";
import { drawNote } from "./notes.ts";
import { drawPane } from "./pane.ts";
import { spell, symbolsFor } from "./symbols.ts";
import { drawTimeline } from "./timeline.ts";
import { drawText } from "./text_box.ts";

/** The spare grid without its content if it has this size, else a new one. */
function emptyGrid(size: Size, ascii: boolean, spare: Grid | null): Grid {
  const width = Math.max(1, size.width);
  const height = Math.max(1, size.height);
  if (spare?.width !== width || spare.height !== height || spare.ascii !== ascii) {
    return new Grid(width, height, ascii);
  }
  spare.clear();
  return spare;
}

/**
 * Draws an arranged screen. Equal arguments give equal cells.
 *
 * @param ascii Only ASCII may be drawn; other characters in names are question marks.
 * @param spare A grid that is no longer needed. It is drawn into if it fits: V8 collects the memory of typed arrays late, and 200 frames
 * would take 5 MB.
 */
export function view(screen: Screen, ascii: boolean, spare: Grid | null = null): Grid {
  const { ui, model, size, panes, text, menu } = screen;
  const grid = emptyGrid(size, ascii, spare);
  const region = new Region(grid);
  const characters = { symbols: symbolsFor(ascii), ascii };
  const past = ui.paused !== null || model.replay !== undefined;
  const sideways = screen.hints.find(({ name }) => name === "sideways")?.shown.split("  ") ?? [];
  const drawing: Drawing = {
    past,
    paneCount: hiddenPaneCount(screen),
    symbols: characters.symbols,
    commandEnded: model.commandExit !== undefined,
    restrictions: model.restrictions ?? {},
    sideways: sideways.map((key) => spell(key, ascii)),
  };
  for (const pane of panes) drawPane(region, pane, drawing);
  if (screen.headerHeight > 0) drawHeaderLine(region.line(0), screen, characters.symbols);
  if (screen.headerHeight > 1) drawSecondLine(region.line(1), screen, characters.symbols);
  if (text) drawText(region, text, characters);
  if (menu) drawMenu(region, menu, characters);
  if (screen.timeline) {
    drawTimeline(region.line(screen.timeline.rect.y), screen.timeline, characters.symbols);
  }
  drawNote(region, screen, characters);
  if (screen.showsFooter) drawFooterLine(region.line(size.height - 1), screen, characters);
  return grid;
}
