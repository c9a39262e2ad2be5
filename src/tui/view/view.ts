/**
 * The whole screen.
 *
 * @module
 */
import { Grid, Region } from "../canvas/mod.ts";
import { hiddenPaneCount, type Screen } from "../layout/mod.ts";
import { drawFooterLine } from "./footer.ts";
import { drawHeaderLine } from "./header.ts";
import { drawSecondLine } from "./machine_line.ts";
import { drawMenu } from "./menu.ts";
import type { Drawing } from "./over_time.ts";
import { drawNote } from "./notes.ts";
import { drawPane } from "./pane.ts";
import { spell, symbolsFor } from "./symbols.ts";
import { drawText } from "./text_box.ts";

/**
 * Draws an arranged screen. Pure: equal arguments give equal cells.
 *
 * @param ascii Only ASCII may be drawn; other characters in names are question marks.
 */
export function view(screen: Screen, ascii: boolean): Grid {
  const { ui, model, size, panes, text, menu } = screen;
  const grid = new Grid(Math.max(1, size.width), Math.max(1, size.height), ascii);
  const region = new Region(grid);
  const characters = { symbols: symbolsFor(ascii), ascii };
  const past = ui.paused !== null || model.replay !== undefined;
  const sideways = screen.hints.find(({ name }) => name === "sideways")?.shown.split("  ") ?? [];
  const drawing: Drawing = {
    past,
    paneCount: hiddenPaneCount(screen),
    symbols: characters.symbols,
    restrictions: model.restrictions ?? {},
    sideways: sideways.map((key) => spell(key, ascii)),
  };
  for (const pane of panes) drawPane(region, pane, drawing);
  if (screen.headerHeight > 0) drawHeaderLine(region.line(0), screen, characters.symbols);
  if (screen.headerHeight > 1) drawSecondLine(region.line(1), screen, characters.symbols);
  if (text) drawText(region, text, characters);
  if (menu) drawMenu(region, menu, characters);
  drawNote(region, screen, characters);
  if (screen.showsFooter) drawFooterLine(region.line(size.height - 1), screen, characters);
  return grid;
}
