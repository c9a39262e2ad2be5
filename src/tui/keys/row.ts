/**
 * What keys do with the selected row: open its details, narrow every pane to its process or group.
 *
 * @module
 */
import { HOST_KEY, OTHER_NAME, type Row } from "../../model/mod.ts";
import type { Arrangement, Screen } from "../layout/mod.ts";
import { widened } from "./move.ts";
import {
  type Command,
  type Details,
  type DetailsGroup,
  type GroupLine,
  type Outcome,
  type PaneContent,
  processOf,
  processOfDetails,
  rowIdentity,
  type Scope,
  selectedLine,
  selectedRow,
  type Ui,
  unreadTicks,
  withOlderSamples,
  withPane,
} from "../state/mod.ts";

/** Columns of which all rows of a group are in one cgroup, or in cgroups of one name. */
const OF_CGROUPS: readonly string[] = ["pid", "tid", "container", "unit", "cgroup_id"];

/** The cgroup of a group is that of its newest row, or of the first one of a table. */
function groupOf({ source, tree }: PaneContent, { row, group: key }: GroupLine): DetailsGroup {
  const { by } = tree!.grouping;
  const value = row[by.key] ?? null;
  const all = source.tool.view === "events" ? source.events.toReversed() : source.tick?.rows ?? [];
  const rows = OF_CGROUPS.includes(by.key)
    ? all.filter((each) => (each[by.key] ?? null) === value && typeof each["cgroup_id"] === "number")
    : [];
  const cgroups = new Set(rows.map(({ cgroup_id }) => cgroup_id)).size;
  return { key, by, member: rows[0] ?? null, cgroups };
}

/** Opens the details of a group: its sums, and its cgroup. */
function openGroupDetails(ui: Ui, content: PaneContent, line: GroupLine): Outcome {
  const { row } = line;
  const group = groupOf(content, line);
  const overlay: Details = {
    kind: "details",
    top: 0,
    identity: "",
    row,
    present: true,
    samples: [],
    unread: null,
    sampledAt: 0,
    group,
  };
  return { ui: { ...ui, overlay }, command: watchCommand(overlay, group.member ?? row) };
}

function watchCommand(details: Pick<Details, "row" | "group">, { cgroup_id: cgroupId }: Row): Command {
  const cgroup = typeof cgroupId === "number" ? { cgroupId } : {};
  return { kind: "watchProcess", id: processOfDetails(details), ...cgroup };
}

/** Opens the details of the selected row or group, and requests those of its process. */
export function openDetails({ ui, focused }: Screen): Outcome {
  const line = focused && selectedLine(focused);
  if (line && line.kind !== "row") return openGroupDetails(ui, focused, line);
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
  return { ui: { ...ui, overlay }, command: watchCommand(overlay, row) };
}

/** Whether there is a row or a group whose details can be opened. */
export const hasRow = ({ focused }: Arrangement): boolean =>
  focused !== null && focused.flame === null && (selectedLine(focused) ?? selectedRow(focused)) !== null;

/** The row whose details are open, else the selected row or group. */
function currentRow({ ui, focused }: Arrangement): Row | null {
  if (ui.overlay?.kind === "details") return ui.overlay.row;
  return focused?.flame ? null : focused && (selectedRow(focused) ?? selectedLine(focused)?.row ?? null);
}

/** The selected group, if it is one that panes can be narrowed to: those of process and thread ids are narrowed to the process. */
function currentGroup({ ui, focused }: Arrangement): Scope | null {
  const ofRow = ui.overlay?.kind === "details" && !ui.overlay.group;
  const line = focused && !ofRow ? selectedLine(focused) : null;
  if (!line || line.kind === "row" || !focused?.tree || processOf(line.row) !== null) return null;
  const { key, title } = focused.tree.grouping.by;
  const value = line.row[key] ?? null;
  return value === OTHER_NAME ? null : { key, title, value, tool: focused.rowTool.tool.name };
}

/** Whether the panes can be narrowed to a process or a group, or widened again. */
export function canPivot(now: Arrangement): boolean {
  return isNarrowed(now) || now.ui.scopes.length > 0 || processOf(currentRow(now)) !== null ||
    currentGroup(now) !== null;
}

/** Whether the screen hides rows of other processes. If the process had ended before, only the past is narrowed. */
const isNarrowed = ({ ui, model: { pivot = null } }: Arrangement): boolean =>
  pivot !== null && (pivot.state !== "gone" || ui.paused !== null);

/** Why they cannot. */
export const noProcess = (now: Arrangement): string =>
  currentRow(now) === null ? "No row is selected" : "This row names no process";

/** Whether the key widens the panes again: on a row of the pivot process, on an innermost group, and if there is no row. */
export function widens(now: Arrangement): boolean {
  const { model: { pivot }, ui: { scopes } } = now;
  const group = currentGroup(now);
  if (group) return scopes.some(({ key, value }) => key === group.key && value === group.value);
  const row = currentRow(now);
  const process = processOf(row);
  if (pivot && isNarrowed(now)) {
    return process === null || row?.["pid"] === undefined || process === pivot.pid;
  }
  return scopes.length > 0 && process === null;
}

/** Narrows to the rows of a group. Groups by the same column replace each other. */
function narrowToGroup({ ui }: Screen, group: Scope): Outcome {
  const same = ui.scopes.findIndex(({ key }) => key === group.key);
  const scopes = [...(same < 0 ? ui.scopes : ui.scopes.slice(0, same)), group];
  return {
    ui: withPane({ ...ui, scopes }, { by: null, opened: [], groups: null, selected: 0, top: 0, skip: 0 }),
  };
}

/** Narrows to the selected group or to the process of the selected row, or widens again. */
export function togglePivot(screen: Screen): Outcome {
  const { ui, model } = screen;
  if (widens(screen)) return widened(ui, model) ?? { ui };
  const group = currentGroup(screen);
  if (group) return narrowToGroup(screen, group);
  const row = currentRow(screen);
  return { ui: withHost(screen, row), command: { kind: "setPivot", id: processOf(row) } };
}

/** Of several hosts, a process is one of the row's host. */
function withHost({ ui, model, focused }: Screen, row: Row | null): Ui {
  const column = focused?.rowTool.tool.columns.find(({ key }) => key === HOST_KEY);
  const value = row?.[HOST_KEY];
  if (!column || typeof value !== "string" || (model.hosts?.length ?? 0) < 2) return ui;
  const scope: Scope = { key: column.key, title: column.title, value, tool: focused!.rowTool.tool.name };
  return { ...ui, scopes: [...ui.scopes.filter(({ key }) => key !== scope.key), scope] };
}
