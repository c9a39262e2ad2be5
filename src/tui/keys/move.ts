/**
 * Moving through rows, panes, menus and text, and sideways through tables that are wider than their pane.
 *
 * @module
 */
import { formatCell, type Model } from "../../model/mod.ts";
import { displayWidth } from "../../text/mod.ts";
import { type ArrangedPane, isText, type Screen, scrollTop } from "../layout/mod.ts";
import { moveInwards } from "./flame.ts";
import { withRecentFilter } from "./filter_prompt.ts";
import { withoutSearch } from "./search.ts";
import {
  clamp,
  type Context,
  followedRow,
  openMenu,
  type Outcome,
  type PaneUi,
  type Ui,
  withPane,
} from "../state/mod.ts";

/** Moves the selected row of the focused pane, or what it shows first. */
export function movePane(ui: Ui, arranged: ArrangedPane, delta: number): Outcome {
  const { pane, last, page, count } = arranged;
  const end = Math.max(0, last);
  const selected = clamp(Math.min(pane.selected, end) + delta, 0, end);
  const top = scrollTop(pane.top, selected, { height: page, count });
  return { ui: withPane(ui, { selected, followed: followedRow(arranged, selected), top }) };
}

/** Moves what the arrow keys move: the text of help and details, the choice of a menu, else the selected row. */
export function moveBy({ ui, focused, menu, text }: Screen, delta: number): Outcome {
  const { overlay } = ui;
  if (text && (overlay?.kind === "help" || overlay?.kind === "details")) {
    return { ui: { ...ui, overlay: { ...overlay, top: clamp(text.first + delta, 0, text.last) } } };
  }
  const open = openMenu(overlay);
  if (open && menu) {
    const selected = clamp(open.selected + delta, 0, menu.entries.length - 1);
    return { ui: { ...ui, overlay: { ...open, selected } } };
  }
  if (focused === null) return { ui };
  return focused.flame ? moveInwards(ui, focused, delta) : movePane(ui, focused, delta);
}

/** Moves by pages or fractions of a page: what is visible at once. */
export function movePages(screen: Screen, pages: number): Outcome {
  const { menu, text, focused } = screen;
  const page = text?.page ?? menu?.inner.height ?? focused?.page ?? 1;
  const rows = Math.max(1, Math.floor(page * Math.abs(pages)));
  return moveBy(screen, pages < 0 ? -rows : rows);
}

/** Focuses the pane with this index, if there is one. */
export function focusPane({ ui }: Context, index: number): Outcome {
  return { ui: index >= 0 && index < ui.panes.length ? { ...ui, focus: index } : ui };
}

/** Focuses the next pane, or the previous one. */
export function focusNext(context: Context, step: 1 | -1): Outcome {
  const count = context.ui.panes.length;
  return count === 0 ? { ui: context.ui } : focusPane(context, (context.ui.focus + step + count) % count);
}

/** The panes widened by one step: from the process, else from the innermost group to the groups that it was chosen from. Null: all rows are shown. */
export function widened(ui: Ui, { pivot, tools }: Pick<Model, "pivot" | "tools">): Outcome | null {
  if (pivot) return { ui, command: { kind: "setPivot", id: null } };
  const left = ui.scopes.at(-1);
  if (!left) return null;
  const panes = ui.panes.map((pane, i): PaneUi =>
    pane.by === null && tools[i]?.tool.name === left.tool
      ? { ...pane, by: left.key, selected: 0, top: 0 }
      : pane
  );
  return { ui: { ...ui, scopes: ui.scopes.slice(0, -1), panes } };
}

/** Esc: ends a search, else closes what is open, else clears the filter, else shows rows instead of groups, else widens the panes by one step, else leaves the zoom, else ends a pause. */
export function stepBack({ ui, model }: Context): Outcome {
  if (ui.overlay?.kind === "details") {
    return { ui: { ...ui, overlay: null }, command: { kind: "watchProcess", id: null } };
  }
  const unsearched = ui.overlay && withoutSearch(ui.overlay);
  if (unsearched) return { ui: { ...ui, overlay: unsearched } };
  if (ui.overlay?.kind === "help") return { ui: { ...ui, overlay: ui.overlay.over ?? null } };
  if (ui.overlay) return { ui: { ...ui, overlay: null } };
  const pane = ui.panes[ui.focus];
  if (pane?.filter) {
    const recentFilters = withRecentFilter(pane);
    return { ui: withPane(ui, { filter: "", recentFilters, selected: 0, top: 0 }) };
  }
  if (pane?.by) {
    return { ui: withPane(ui, { by: null, opened: [], groups: null, selected: 0, top: 0 }) };
  }
  const wider = widened(ui, model);
  if (wider) return wider;
  return { ui: ui.zoom ? { ...ui, zoom: false } : { ...ui, paused: null } };
}

/** Maximum number of cells by which visible text is longer than its column. */
function longestOverflow({ rows, first, page, columns }: ArrangedPane): number {
  const texts = columns.placed.filter(({ column }) => isText(column));
  let most = 0;
  for (const row of rows.slice(first, first + page)) {
    for (const { column, width } of texts) {
      most = Math.max(most, displayWidth(formatCell(column, row, 1)) - width);
    }
  }
  return most;
}

/** Scrolls right by columns while some do not fit, then through long text to its end; left in the reverse order. */
export function shiftBy({ ui, focused }: Screen, cells: number): Outcome {
  if (!focused) return { ui };
  const { skip, shift } = focused.pane;
  if (cells > 0 && focused.columns.hidden.length > 0) return { ui: withPane(ui, { skip: skip + 1 }) };
  if (cells < 0 && shift === 0) return { ui: withPane(ui, { skip: Math.max(0, skip - 1) }) };
  const most = longestOverflow(focused);
  return { ui: withPane(ui, { shift: clamp(Math.min(shift, most) + cells, 0, most) }) };
}
