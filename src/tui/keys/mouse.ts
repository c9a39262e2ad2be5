/**
 * What a click and the wheel do.
 *
 * @module
 */
import { isList } from "../../model/mod.ts";
import {
  chooseLayout,
  entryAt,
  frameInsets,
  paneParts,
  type PaneRect,
  scrollTop,
  tableColumns,
} from "../layout/mod.ts";
import {
  type Context,
  fillsScreen,
  focused,
  keptColumns,
  openMenu,
  type Outcome,
  shownModel,
  viewOf,
  visibleRows,
  withPane,
} from "../state/mod.ts";
import type { MouseEvent } from "../terminal/mod.ts";
import { bindingsFor } from "./bindings.ts";
import { sortByTitle } from "./choose.ts";
import { focusPane, moveBy } from "./move.ts";

/** Rows per step of the wheel. */
const WHEEL_ROWS = 3;

/** The pane under the mouse, and how its frame is drawn. */
function paneAt({ ui, model, size }: Context, { x, y }: MouseEvent): {
  rect: PaneRect;
  frame: "box" | "rule";
} | null {
  const { tools } = shownModel(ui, model);
  const { panes, frame } = chooseLayout({ size, tools, focus: ui.focus, zoom: ui.zoom });
  const rect = panes.find((pane) =>
    x >= pane.x && x < pane.x + pane.width && y >= pane.y && y < pane.y + pane.height
  );
  return rect ? { rect, frame } : null;
}

/** A click inside the focused pane's table: on a title it sorts, on a row it selects. */
function clickTable(
  context: Context,
  at: { rect: PaneRect; frame: "box" | "rule" },
  event: MouseEvent,
): Outcome {
  const target = focused(context);
  const none = { ui: context.ui };
  if (!target || target.tool.tick === null || !isList(target.tool.tool)) return none;
  const { left, top, right, bottom } = frameInsets(at.frame);
  const inside = { width: at.rect.width - left - right, height: at.rect.height - top - bottom };
  const { table } = paneParts(target.tool, inside, viewOf(target.tool, target.pane, fillsScreen(context.ui)));
  const x = event.x - at.rect.x - left;
  const y = event.y - at.rect.y - top;
  if (x < 0 || x >= table.width || y < 0 || y >= table.height) return none;
  if (y === 0) {
    const { placed } = tableColumns(target.tool.tool.columns, table.width, {
      kept: keptColumns(target.pane),
      skip: target.pane.skip,
    });
    const hit = placed.find((column) => x >= column.x && x < column.x + column.width);
    return hit ? sortByTitle(context, hit.column.key) : none;
  }
  const count = visibleRows(target.tool, target.pane).length;
  const first = scrollTop(target.pane.top, Math.min(target.pane.selected, count - 1), {
    height: table.height - 1,
    count,
  });
  const row = first + y - 1;
  return row < count ? { ui: withPane(context.ui, { selected: row, top: first }) } : none;
}

/** A click on a menu: selects; on the entry that is selected it does what the menu's first key does. */
function clickMenu(context: Context, event: MouseEvent): Outcome {
  const { ui } = context;
  const menu = openMenu(ui.overlay);
  const index = entryAt(context, event.x, event.y);
  if (!menu || index === null || event.button !== "left") return { ui };
  if (index !== menu.selected) return { ui: { ...ui, overlay: { ...menu, selected: index } } };
  const [first] = bindingsFor(context);
  return first ? first.run(context, first.keys[0]!) : { ui };
}

/** The state after a click or a turn of the wheel. Over help and details only the wheel counts. */
export function handleMouse(context: Context, event: MouseEvent): Outcome {
  if (!event.pressed) return { ui: context.ui };
  const wheel = event.button === "wheel-up" ? -WHEEL_ROWS : event.button === "wheel-down" ? WHEEL_ROWS : 0;
  if (context.ui.overlay && context.ui.overlay.kind !== "filter") {
    return wheel === 0 ? clickMenu(context, event) : moveBy(context, Math.sign(wheel));
  }
  const at = paneAt(context, event);
  if (!at || (wheel === 0 && event.button !== "left")) return { ui: context.ui };
  const { ui } = focusPane(context, at.rect.index);
  const there = { ...context, ui };
  return wheel === 0 ? clickTable(there, at, event) : moveBy(there, wheel);
}
