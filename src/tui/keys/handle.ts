/**
 * Turns a key, a mouse event or a paste into the next state and a command.
 *
 * @module
 */
import { isList } from "../../model/mod.ts";
import { type ArrangedPane, type ArrangedTimeline, entryAt, type Screen } from "../layout/mod.ts";
import {
  atFirstRows,
  type Context,
  followedRow,
  openMenu,
  type Outcome,
  type Ui,
  withPane,
} from "../state/mod.ts";
import type { InputEvent, KeyEvent, MouseEvent } from "../terminal/mod.ts";
import { arrangeScreen, bindingsFor, refusalOf } from "./bindings.ts";
import { clickFlame, moveInwards } from "./flame.ts";
import { sortByTitle } from "./choose.ts";
import { editFilter, leaveFilter } from "./filter_prompt.ts";
import { editFlag } from "./flags.ts";
import { toggleGroup } from "./group.ts";
import { editSearch } from "./search.ts";
import { editTime } from "./time_prompt.ts";
import { moveBy, movePane } from "./move.ts";
import { handlePaste } from "./paste.ts";

/** Rows per step of the wheel. */
const WHEEL_ROWS = 3;

/** The pane under the mouse. */
function paneAt({ panes }: Screen, { x, y }: MouseEvent): ArrangedPane | undefined {
  return panes.find(({ rect }) =>
    x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height
  );
}

/** A click in the table of a pane that is focused now: on a title it sorts, on a row it selects, on the selected group it folds. */
function clickTable(screen: Screen, pane: ArrangedPane, event: MouseEvent): Outcome {
  const { ui } = screen;
  const { tool, inside, parts: { table }, columns, titleLines, first, count } = pane;
  if (tool.tick === null || !isList(tool.tool)) return { ui };
  const x = event.x - inside.x;
  const y = event.y - inside.y;
  if (pane.flame) return clickFlame(screen, pane, { x, y });
  if (x < 0 || x >= table.width || y < 0 || y >= table.height) return { ui };
  if (y === 0) {
    const hit = columns.placed.find((column) => x >= column.x && x < column.x + column.width);
    return hit ? sortByTitle(screen, hit.column.key) : { ui };
  }
  if (y < titleLines) return { ui };
  const row = first + y - titleLines;
  if (row === pane.selected && pane.tree !== null && screen.ui.focus === screen.focused?.index) {
    return toggleGroup(screen);
  }
  if (row >= count) return { ui };
  return { ui: withPane(ui, { selected: row, followed: followedRow(pane, row), top: first }) };
}

/** A click in a menu selects an entry; a click on the selected entry runs the menu's first key. */
function clickMenu(screen: Screen, event: MouseEvent): Outcome {
  const { ui, menu } = screen;
  const open = openMenu(ui.overlay);
  const index = menu && entryAt(menu, event.x, event.y);
  if (!menu || !open || index === null || event.button !== "left") return { ui };
  if (index !== menu.selected) return { ui: { ...ui, overlay: { ...open, selected: index } } };
  const [first] = bindingsFor(screen);
  return first ? first.run(screen, first.keys[0]!) : { ui };
}

/** Goes to the time of a cell. */
function clickTimeline(
  { ui, shown, capabilities }: Screen,
  { x, cells, timeOf }: ArrangedTimeline,
  at: number,
): Outcome {
  const cell = at - x;
  const isOnCell = cell >= 0 && cell < cells.length && capabilities.has("goToTime");
  if (!isOnCell) return { ui };
  return { ui: atFirstRows(ui, shown), command: { kind: "goToTime", time: timeOf(cell + 1) } };
}

/** The state after a click or a turn of the wheel. Over help and details only the wheel works. */
function handleMouse(screen: Screen, event: MouseEvent): Outcome {
  if (!event.pressed) return { ui: screen.ui };
  const wheel = event.button === "wheel-up" ? -WHEEL_ROWS : event.button === "wheel-down" ? WHEEL_ROWS : 0;
  if (screen.ui.overlay && !["filter", "time"].includes(screen.ui.overlay.kind)) {
    return wheel === 0 ? clickMenu(screen, event) : moveBy(screen, Math.sign(wheel));
  }
  if (wheel === 0 && event.button === "left" && screen.timeline?.rect.y === event.y) {
    return clickTimeline(screen, screen.timeline, event.x);
  }
  const pane = paneAt(screen, event);
  if (!pane || (wheel === 0 && event.button !== "left")) return { ui: screen.ui };
  const left = pane.index === screen.ui.focus ? screen.ui : leaveFilter(screen);
  const ui: Ui = { ...left, focus: pane.index };
  if (wheel === 0) return clickTable({ ...screen, ui }, pane, event);
  return pane.flame ? moveInwards(ui, pane, Math.sign(wheel)) : movePane(ui, pane, wheel);
}

/** The state after a key that edits the open prompt; null if none is open, or the key does not edit text. */
function edit(context: Context, event: KeyEvent): Outcome | null {
  switch (context.ui.overlay?.kind) {
    case "filter":
      return editFilter(context, event);
    case "flags":
      return editFlag(context, event);
    case "time":
      return editTime(context, event);
    default:
      return editSearch(context, event);
  }
}

/** Removes the message of an earlier key after one that works. Errors stay until their time is over, and so do messages in the header. */
function withoutOldMessage({ message }: Ui, outcome: Outcome): Outcome {
  const isOld = message !== null && outcome.ui.message === message && message.kind === "info" &&
    !message.inHeader;
  return isOld ? { ...outcome, ui: { ...outcome.ui, message: null } } : outcome;
}

/**
 * The state after an event, and the command to perform. An event without a binding changes nothing.
 *
 * @param screen the screen of this context; not called for the characters of a filter, which may be pasted by the hundred
 */
export function handleEvent(
  context: Context,
  event: InputEvent,
  screen: () => Screen = () => arrangeScreen(context),
): Outcome {
  if (event.kind === "mouse") return handleMouse(screen(), event);
  if (event.kind === "paste") return handlePaste(context, event, screen);
  const edited = edit(context, event);
  if (edited) return edited;
  const now = screen();
  const binding = bindingsFor(now).find(({ keys }) => keys.includes(event.key));
  if (binding) return withoutOldMessage(context.ui, binding.run(now, event.key));
  const text = refusalOf(now, event.key);
  return { ui: text === null ? context.ui : { ...context.ui, message: { text, kind: "info" } } };
}
