/**
 * The selected row, and the process that it names.
 *
 * @module
 */
import { isList, type Row } from "../../model/mod.ts";
import { visibleRows } from "./rows.ts";
import { type Context, focused } from "./ui.ts";

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
