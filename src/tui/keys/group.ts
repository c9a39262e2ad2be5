/**
 * Grouping rows by a column, and folding the groups.
 *
 * @module
 */
import type { Column } from "../../model/mod.ts";
import type { Arrangement, Screen } from "../layout/mod.ts";
import {
  followGroups,
  foundColumns,
  groupChoices,
  type Outcome,
  selectedLine,
  shownModel,
  type Ui,
  withPane,
} from "../state/mod.ts";
import { showsFlame } from "./flame.ts";
import { shiftBy } from "./move.ts";

/** The columns by which the focused pane can be grouped. */
const choices = ({ focused }: Arrangement): readonly Column[] => focused ? groupChoices(focused.rowTool) : [];

/** Whether the rows of the focused pane can be grouped. */
export const canGroup = (now: Arrangement): boolean =>
  !showsFlame(now) && now.focused?.tool.state.kind === "running" && choices(now).length > 0;

/** Whether the focused pane shows groups. */
export const isGrouped = ({ focused }: Arrangement): boolean => (focused?.tree ?? null) !== null;

/** Whether the selected line is an open group or a row of one. */
export function isOpen({ focused }: Arrangement): boolean {
  const line = focused && selectedLine(focused);
  return line !== null && line.kind !== "closed";
}

/** Groups by a column, starting with the events in the history. */
function groupBy({ model }: Screen, ui: Ui, by: string): Outcome {
  const next = withPane(ui, {
    by,
    opened: [],
    groups: null,
    selected: 0,
    top: 0,
    skip: 0,
    shift: 0,
    frozen: null,
  });
  const pane = next.panes[ui.focus];
  const tool = shownModel({ ...ui, paused: null }, model).tools[ui.focus];
  return { ui: pane && tool ? withPane(next, followGroups(pane, tool)) : next };
}

/** Columns that the message after the first key names. */
const NAMED_CHOICES = 3;

/** What the key does now: "Grouped by COMM; b again: CONTAINER, UNIT, USER and more". */
function groupedMessage(by: Column, columns: readonly Column[]): string {
  const others = columns.filter((column) => column !== by).map(({ title }) => title);
  const named = others.slice(0, NAMED_CHOICES).join(", ");
  const again = others.length === 0
    ? ""
    : `; b again: ${named}${others.length > NAMED_CHOICES ? " and more" : ""}`;
  return `Grouped by ${by.title}${again}`;
}

/**
 * Groups by comm if the tool has it, else by its first text column, and says what the key does next. If the pane is grouped already, opens
 * the menu of columns at the one in use.
 */
export function group(screen: Screen): Outcome {
  const { ui } = screen;
  const columns = choices(screen);
  if (isGrouped(screen)) {
    const selected = Math.max(0, columns.findIndex(({ key }) => key === ui.panes[ui.focus]?.by));
    return { ui: { ...ui, overlay: { kind: "group", selected } } };
  }
  const first = columns.find(({ key }) => key === "comm") ??
    columns.find(({ shown = "always", unit }) => shown === "always" && unit === "text") ?? columns[0];
  if (!first) return { ui };
  const outcome = groupBy(screen, ui, first.key);
  const message = { text: groupedMessage(first, columns), kind: "info" } as const;
  return { ...outcome, ui: { ...outcome.ui, message } };
}

/** Groups by the selected column of the menu. */
export function acceptGroup(screen: Screen): Outcome {
  const { ui, menu } = screen;
  const column = foundColumns(choices(screen), ui)[menu?.selected ?? -1];
  const closed: Ui = { ...ui, overlay: null };
  if (!column || column.key === ui.panes[ui.focus]?.by) return { ui: closed };
  return groupBy(screen, closed, column.key);
}

function fold(screen: Screen, open: boolean): Outcome {
  const { ui, focused } = screen;
  const line = focused && selectedLine(focused);
  if (!focused || !line) return { ui };
  const { opened } = focused.pane;
  const others = opened.filter((key) => key !== line.group);
  if (open) return { ui: withPane(ui, { opened: [...others, line.group] }) };
  const selected = focused.tree!.lines.findIndex(({ group }) => group === line.group);
  return { ui: withPane(ui, { opened: others, selected }) };
}

/** Opens the selected group, or closes the group of the selected line. */
export function toggleGroup(screen: Screen): Outcome {
  return fold(screen, screen.focused ? selectedLine(screen.focused)?.kind === "closed" : false);
}

/** Right opens a group and Left closes it; otherwise they scroll sideways. */
export function foldOrShift(screen: Screen, key: string): Outcome {
  const right = key === "Right";
  const line = screen.focused && selectedLine(screen.focused);
  const { skip, shift } = screen.focused?.pane ?? { skip: 0, shift: 0 };
  if (line && right && line.kind === "closed") return fold(screen, true);
  if (line && !right && line.kind !== "closed" && skip === 0 && shift === 0) return fold(screen, false);
  return shiftBy(screen, right ? 8 : -8);
}
