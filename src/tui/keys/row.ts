/**
 * What keys do with the selected row: open its details, narrow every pane to its process.
 *
 * @module
 */
import type { Row } from "../../model/mod.ts";
import {
  type Context,
  type Details,
  focused,
  type Outcome,
  processOf,
  rowIdentity,
  selectedRow,
} from "../state/mod.ts";

/** Opens the details of the selected row, and asks for its process. */
export function openDetails(context: Context): Outcome {
  const target = focused(context);
  const row = selectedRow(context);
  if (!target || !row) return { ui: context.ui };
  const overlay: Details = {
    kind: "details",
    top: 0,
    identity: rowIdentity(target.tool, row),
    row,
    present: true,
    samples: target.tool.tool.view === "table" ? [row] : [],
    sampledAt: target.tool.tick?.time ?? 0,
  };
  return {
    ui: { ...context.ui, overlay },
    action: { kind: "watch", id: processOf(row) },
  };
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
