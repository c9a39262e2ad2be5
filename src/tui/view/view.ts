/**
 * The whole screen.
 *
 * @module
 */
import { Grid, Region } from "../canvas/mod.ts";
import {
  chooseLayout,
  type Context,
  fillsScreen,
  shownModel,
  showsFooter,
  showsHeader,
} from "../state/mod.ts";
import { drawFooterLine } from "./footer.ts";
import { drawHeaderLine } from "./header.ts";
import { drawHelp } from "./help.ts";
import { drawPane } from "./pane.ts";
import { drawSortMenu } from "./sort_menu.ts";
import { symbolsFor } from "./symbols.ts";

/** What a screen is drawn from. */
export interface ViewInput extends Context {
  /** Only ASCII may be drawn; other characters in names are question marks. */
  readonly ascii: boolean;
}

/** Draws everything. Pure: equal arguments give equal screens. */
export function view(input: ViewInput): Grid {
  const { ui, model, size, ascii } = input;
  const grid = new Grid(Math.max(1, size.width), Math.max(1, size.height), ascii);
  const screen = new Region(grid);
  const symbols = symbolsFor(ascii);
  const { tools } = shownModel(ui, model);
  const layout = chooseLayout({ size, tools, focus: ui.focus, zoom: ui.zoom });
  for (const rect of layout.panes) {
    const tool = tools[rect.index];
    const pane = ui.panes[rect.index];
    if (!tool || !pane) continue;
    const region = screen.part(rect);
    drawPane(region, {
      tool,
      pane,
      index: rect.index,
      focused: rect.index === ui.focus,
      frame: layout.frame,
      zoomed: fillsScreen(ui),
      past: ui.paused !== null,
      symbols,
    });
    if (rect.index === ui.focus) drawSortMenu(region, input, symbols);
  }
  if (showsHeader(size)) drawHeaderLine(screen.line(0), model, ui);
  const bottom = showsFooter(size) ? 1 : 0;
  const top = showsHeader(size) ? 1 : 0;
  const body = screen.part({ x: 0, y: top, width: size.width, height: size.height - top - bottom });
  drawHelp(body, input, { symbols, ascii });
  if (bottom > 0) drawFooterLine(screen.line(size.height - 1), input, { symbols, ascii });
  return grid;
}
