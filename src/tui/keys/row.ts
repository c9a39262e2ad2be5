/**
 * What keys do with the selected row: open its details, narrow every pane to its process.
 *
 * @module
 */
import type { Row } from "../../model/mod.ts";
import type { Arrangement, Screen } from "../layout/mod.ts";
import {
  type Details,
  type Outcome,
  processOf,
  rowIdentity,
  selectedLine,
  selectedRow,
  unreadTicks,
  withOlderSamples,
} from "../state/mod.ts";

/** Opens the details of the selected row, and requests those of its process. */
export function openDetails({ ui, focused }: Screen): Outcome {
  const row = focused && selectedRow(focused);
  if (!row) return { ui };
  const { rowTool: tool } = focused;
  const details: Details = {
    kind: "details",
    top: 0,
    identity: rowIdentity(tool, row),
    row,
    present: true,
    samples: tool.tool.view === "table" ? [row] : [],
    unread: unreadTicks(tool, row),
    sampledAt: tool.tick?.time ?? 0,
  };
  const overlay = withOlderSamples(details);
  return { ui: { ...ui, overlay }, command: { kind: "watchProcess", id: processOf(row) } };
}

/** Whether there is a row whose details can be opened. */
export const hasRow = ({ focused }: Arrangement): boolean =>
  focused !== null && focused.flame === null && selectedRow(focused) !== null;

/** Why there is none. */
export const noDetails = ({ focused }: Arrangement): string =>
  focused && selectedLine(focused)
    ? "Details are of a single row: open the group first"
    : "No row is selected";

/** The row whose details are open, else the selected row or group. */
function currentRow({ ui, focused }: Arrangement): Row | null {
  if (ui.overlay?.kind === "details") return ui.overlay.row;
  return focused?.flame ? null : focused && (selectedRow(focused) ?? selectedLine(focused)?.row ?? null);
}

/** Whether the panes can be narrowed to a process, or widened again. */
export function canPivot(now: Arrangement): boolean {
  return isNarrowed(now) || processOf(currentRow(now)) !== null;
}

/** Whether the screen hides rows of other processes. If the process had ended before, only the past is narrowed. */
const isNarrowed = ({ ui, model: { pivot = null } }: Arrangement): boolean =>
  pivot !== null && (pivot.state !== "gone" || ui.paused !== null);

/** Why they cannot. */
export const noProcess = (now: Arrangement): string =>
  currentRow(now) === null ? "No row is selected" : "This row names no process";

/** Whether the key widens the panes again: on a row of the pivot process, and if there is no row. */
export function widens(now: Arrangement): boolean {
  const { pivot } = now.model;
  if (!pivot || !isNarrowed(now)) return false;
  const row = currentRow(now);
  const process = processOf(row);
  return process === null || row?.["pid"] === undefined || process === pivot.pid;
}

/** Narrows to the process of the selected row, or widens again. */
export function togglePivot(screen: Screen): Outcome {
  const id = widens(screen) ? null : processOf(currentRow(screen));
  return { ui: screen.ui, command: { kind: "setPivot", id } };
}
