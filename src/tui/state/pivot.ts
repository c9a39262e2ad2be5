/**
 * Narrowing every pane to the process of one row.
 *
 * @module
 */
import { isList, type Row } from "../../model/mod.ts";
import { visibleRows } from "./rows.ts";
import { type Context, focused, type Outcome } from "./ui.ts";

/** The selected row of the focused pane; null where it shows none. */
export function selectedRow(context: Context): Row | null {
  const target = focused(context);
  if (!target || !isList(target.tool.tool)) return null;
  if (target.tool.state.kind !== "running" || target.tool.tick === null) return null;
  const rows = visibleRows(target.tool, target.pane);
  return rows[Math.min(target.pane.selected, rows.length - 1)] ?? null;
}

/** The process a row is about, or one of its threads; null where it names none. */
export function processOf(row: Row | null): number | null {
  const id = row?.["pid"] ?? row?.["tid"];
  return typeof id === "number" && id > 0 ? id : null;
}

/** The row whose details are open, else the selected one. */
function rowInHand(context: Context): Row | null {
  const { overlay } = context.ui;
  return overlay?.kind === "details" ? overlay.row : selectedRow(context);
}

/** True where there is a process to narrow to, or to widen from. */
export function canPivot(context: Context): boolean {
  const { pivot } = context.model;
  return pivot !== undefined && (pivot !== null || processOf(rowInHand(context)) !== null);
}

/** True where the key widens again: on a row of the process that is narrowed to, and where no row is. */
export function widens(context: Context): boolean {
  const { pivot } = context.model;
  if (!pivot) return false;
  const row = rowInHand(context);
  const process = processOf(row);
  return process === null || row?.["pid"] === undefined || process === pivot.pid;
}

/** Narrows to the process of the selected row, or widens again. */
export function togglePivot(context: Context): Outcome {
  const id = widens(context) ? null : processOf(rowInHand(context));
  return { ui: context.ui, action: { kind: "setPivot", id } };
}
