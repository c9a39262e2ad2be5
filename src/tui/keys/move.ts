/**
 * Moving through rows, panes, menus and text, and sideways through tables that are wider than their pane.
 *
 * @module
 */
import { formatCell } from "../../model/mod.ts";
import { displayWidth } from "../../text/width.ts";
import { clamp, type Size } from "../canvas/mod.ts";
import {
  arrangeCounters,
  arrangeGraphs,
  chooseLayout,
  detailsBox,
  frameInsets,
  helpBox,
  isText,
  menuBox,
  menuOf,
  type PaneParts,
  paneParts,
  type PlacedColumn,
  scrollTop,
  tableColumns,
} from "../layout/mod.ts";
import {
  type Context,
  fillsScreen,
  type Focused,
  focused,
  keptColumns,
  lineCount,
  openMenu,
  type Outcome,
  shownModel,
  type Ui,
  viewOf,
  visibleRows,
  withPane,
} from "../state/mod.ts";

/** The inside of the focused pane; null where it is not shown. */
function focusedInside(context: Context): Size | null {
  const { ui, model, size } = context;
  const tools = shownModel(ui, model).tools;
  const layout = chooseLayout({ size, tools, focus: ui.focus, zoom: ui.zoom });
  const rect = layout.panes.find(({ index }) => index === ui.focus);
  if (!rect) return null;
  const { left, top, right, bottom } = frameInsets(layout.frame);
  return { width: rect.width - left - right, height: rect.height - top - bottom };
}

/** The parts of the focused pane; null where it is not shown. */
export function focusedParts(context: Context): PaneParts | null {
  const inside = focusedInside(context);
  const target = focused(context);
  if (!inside || !target) return null;
  return paneParts(target.tool, inside, viewOf(target.tool, target.pane, fillsScreen(context.ui)));
}

/** The last line that can be the first one shown, of counters; of what has a selected line, the last line. */
function lastLine(context: Context, { tool, pane }: Focused, count: number): number {
  const inside = focusedInside(context);
  if (tool.tool.view !== "counters" || !inside) return count - 1;
  const graphs = viewOf(tool, pane, fillsScreen(context.ui)) === "graph"
    ? arrangeGraphs(inside, count)
    : null;
  const seen = graphs ? graphs.across * graphs.down : arrangeCounters(inside, count).capacity;
  return count - seen;
}

/** Rows of data the focused pane shows: its table without the header. */
export function pageRows(context: Context): number {
  return Math.max(1, (focusedParts(context)?.table.height ?? 0) - 1);
}

/** Moves what the arrow keys move: the text of the help, the choice of the menu, else the selected row. */
export function moveBy(context: Context, delta: number): Outcome {
  const { ui } = context;
  if (ui.overlay?.kind === "help" || ui.overlay?.kind === "details") {
    return { ui: { ...ui, overlay: { ...ui.overlay, top: Math.max(0, ui.overlay.top + delta) } } };
  }
  const menu = openMenu(ui.overlay);
  if (menu) {
    const last = Math.max(0, (menuOf(context)?.entries.length ?? 0) - 1);
    return { ui: { ...ui, overlay: { ...menu, selected: clamp(menu.selected + delta, 0, last) } } };
  }
  const target = focused(context);
  if (!target) return { ui };
  const count = lineCount(target.tool, target.pane);
  const last = Math.max(0, lastLine(context, target, count));
  const selected = clamp(Math.min(target.pane.selected, last) + delta, 0, last);
  const top = scrollTop(target.pane.top, selected, { height: pageRows(context), count });
  return { ui: withPane(ui, { selected, top }) };
}

/** Rows that are seen at once of what lies over the panes; null: nothing does, or the line of the filter alone. */
function overlayRows(context: Context): number | null {
  const menu = menuOf(context);
  if (menu) return menuBox(context, menu).inner.height;
  switch (context.ui.overlay?.kind) {
    case "help":
      return helpBox(context.size).rows;
    case "details":
      return detailsBox(context.size).rows;
    default:
      return null;
  }
}

/** Moves by pages; a fraction is a part of one. */
export function movePages(context: Context, pages: number): Outcome {
  const page = overlayRows(context) ?? pageRows(context);
  const rows = Math.max(1, Math.floor(page * Math.abs(pages)));
  return moveBy(context, pages < 0 ? -rows : rows);
}

/** Focuses the pane with this index; nothing where there is none. */
export function focusPane({ ui }: Context, index: number): Outcome {
  return { ui: index >= 0 && index < ui.panes.length ? { ...ui, focus: index } : ui };
}

/** Focuses the next pane, or the one before. */
export function focusNext(context: Context, step: 1 | -1): Outcome {
  const count = context.ui.panes.length;
  return count === 0 ? { ui: context.ui } : focusPane(context, (context.ui.focus + step + count) % count);
}

/** Esc: closes what is open, else clears the filter, else leaves the process pivot, else leaves the zoom, else nothing. */
export function stepBack(context: Context): Outcome {
  const { ui } = context;
  if (ui.overlay?.kind === "details") {
    return { ui: { ...ui, overlay: null }, action: { kind: "watch", id: null } };
  }
  if (ui.overlay) return { ui: { ...ui, overlay: null } };
  if (focused(context)?.pane.filter) return { ui: withPane(ui, { filter: "", selected: 0, top: 0 }) };
  if (context.model.pivot) return { ui, action: { kind: "setPivot", id: null } };
  return { ui: closeZoom(ui) };
}

const closeZoom = (ui: Ui): Ui => ui.zoom ? { ...ui, zoom: false } : ui;

/** Most cells by which text on the screen is longer than its column. */
function longestRest(context: Context, placed: readonly PlacedColumn[]): number {
  const target = focused(context);
  if (!target) return 0;
  const rows = visibleRows(target.tool, target.pane);
  const height = pageRows(context);
  const selected = Math.min(target.pane.selected, rows.length - 1);
  const top = scrollTop(target.pane.top, selected, { height, count: rows.length });
  let most = 0;
  for (const row of rows.slice(top, top + height)) {
    for (const { column, width } of placed.filter((place) => isText(place.column))) {
      most = Math.max(most, displayWidth(formatCell(column, row[column.key] ?? null, 1)) - width);
    }
  }
  return most;
}

/** Moves to the right column by column while some have no room, then through long text to its end; back the same way. */
export function shiftBy(context: Context, cells: number): Outcome {
  const target = focused(context);
  if (!target) return { ui: context.ui };
  const { skip, shift } = target.pane;
  const width = focusedParts(context)?.table.width ?? 0;
  const columns = target.tool.tool.columns;
  const { placed, hidden } = tableColumns(columns, width, { kept: keptColumns(target.pane), skip });
  if (cells > 0 && hidden > 0) return { ui: withPane(context.ui, { skip: skip + 1 }) };
  if (cells < 0 && shift === 0) return { ui: withPane(context.ui, { skip: Math.max(0, skip - 1) }) };
  const most = longestRest(context, placed);
  return { ui: withPane(context.ui, { shift: clamp(Math.min(shift, most) + cells, 0, most) }) };
}
