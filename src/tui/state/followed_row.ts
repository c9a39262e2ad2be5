/**
 * The selection follows its row when rows arrive, leave or change places.
 *
 * @module
 */
import { isList, type Model, type Row, type ToolModel } from "../../model/mod.ts";
import { type PaneContent, sameIdentity } from "./pane_content.ts";
import { clamp, type FollowedRow, type PaneUi, type Ui } from "./ui.ts";

/** Whether two rows are the same: of a table those with equal key columns, of events those with equal values. */
function isSameRow(tool: ToolModel, a: Row, b: Row): boolean {
  if (a === b) return true;
  if (tool.tool.view !== "events") return sameIdentity(tool, a, b);
  return Object.keys(b).every((key) => a[key] === b[key]);
}

function isAt({ rows, tree, rowTool }: PaneContent, index: number, { row, group }: FollowedRow): boolean {
  const line = tree?.lines[index];
  if (line && line.kind !== "row") return group === line.group;
  return group === null && isSameRow(rowTool, rows[index]!, row);
}

/** The row with this index, to be followed; null: the first place is selected, whichever row is there, or there is no row. */
export function followedRow({ rows, tree, pane }: PaneContent, index: number): FollowedRow | null {
  const row = rows[index];
  if (row === undefined || index <= 0) return null;
  const line = tree?.lines[index];
  const { sort, reverse, filter, by } = pane;
  return { row, group: line && line.kind !== "row" ? line.group : null, index, sort, reverse, filter, by };
}

/** Whether rows, order and selection have been chosen as they were when the row was selected. */
const isChosen = (followed: FollowedRow, pane: PaneUi): boolean =>
  followed.index === pane.selected && followed.sort === pane.sort && followed.reverse === pane.reverse &&
  followed.filter === pane.filter && followed.by === pane.by;

/** The first line of a pane that shows events newest first stays where it is on the screen, unless it is the newest. */
function topAfter({ tool, tree, pane }: PaneContent, index: number): number {
  const stays = tool.tool.view === "events" && tree === null && pane.sort === null && !pane.reverse;
  return stays && pane.top > 0 ? Math.max(0, pane.top + index - pane.selected) : pane.top;
}

/**
 * A pane whose selection is at its row. If the row is gone, the row that is in its place is selected. The first place is
 * not followed unless a followed row came there, so that a pane whose rows were not moved through shows the newest.
 */
export function followRow(content: PaneContent): PaneContent {
  const { tool, pane, rows } = content;
  if (!isList(tool.tool) || tool.tick === null || rows.length === 0) return content;
  const { followed } = pane;
  const chosen = followed !== null && isChosen(followed, pane);
  if (chosen && rows[pane.selected] === followed.row) return content;
  if (!chosen && pane.selected === 0) return content;
  const found = chosen ? rows.findIndex((_, i) => isAt(content, i, followed)) : -1;
  const index = found >= 0 ? found : clamp(pane.selected, 0, rows.length - 1);
  const top = found >= 0 ? topAfter(content, index) : pane.top;
  const next = followedRow(content, index) ?? (found >= 0 ? { ...followed!, row: rows[0]!, index } : null);
  return { ...content, pane: { ...pane, selected: index, top, followed: next } };
}

/** The state with the first row of every list selected and shown, for a jump to a time whose rows have not been seen yet. */
export function atFirstRows(ui: Ui, { tools }: Pick<Model, "tools">): Ui {
  const panes = ui.panes.map((pane, i): PaneUi => {
    const shown = tools[i]?.tool;
    return shown && isList(shown) ? { ...pane, selected: 0, followed: null, top: 0 } : pane;
  });
  return { ...ui, panes };
}
