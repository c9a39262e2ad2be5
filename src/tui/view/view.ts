/**
 * The whole screen.
 *
 * @module
 */
import { Grid, Region } from "../canvas/mod.ts";
import { chooseLayout, screenBody, showsFooter, showsHeader } from "../layout/mod.ts";
import { type Context, fillsScreen, shownModel, withColumns } from "../state/mod.ts";
import { drawDetails } from "./details.ts";
import { drawFooterLine } from "./footer.ts";
import { drawHeaderLine } from "./header.ts";
import { drawHelp } from "./help.ts";
import { drawMenu } from "./menu.ts";
import { drawPane } from "./pane.ts";
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
      tool: withColumns(tool, pane.columns),
      pane,
      index: rect.index,
      focused: rect.index === ui.focus,
      frame: layout.frame,
      zoomed: fillsScreen(ui),
      past: ui.paused !== null || model.replay !== undefined,
      symbols,
    });
  }
  if (showsHeader(size)) drawHeaderLine(screen.line(0), model, ui);
  const body = screen.part(screenBody(size));
  drawHelp(body, input, { symbols, ascii });
  drawDetails(body, input, { symbols, ascii });
  drawMenu(screen, input, { symbols, ascii });
  if (showsFooter(size)) drawFooterLine(screen.line(size.height - 1), input, { symbols, ascii });
  return grid;
}
