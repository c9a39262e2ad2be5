/**
 * The details of one row, updated at every tick, and the rows that are related to it.
 *
 * @module
 */
import type { Model, Row, ToolModel } from "../../model/mod.ts";
import { followGroups } from "./group_history.ts";
import { identityValues, type PaneContent, rowIdentity } from "./pane_content.ts";
import { type Details, type FlagForm, RESUMED, shownModel, type Ui, type UnreadTicks } from "./ui.ts";

/** Maximum samples of a row: ten minutes at one a second. */
const MAX_SAMPLES = 600;

/** The details after another tick of their tool. An event does not change; a table's row may disappear and come back. */
function sampled(details: Details, tool: ToolModel): Details {
  const { tick } = tool;
  if (details.group || !tick || tick.time === details.sampledAt || tool.tool.view !== "table") return details;
  const row = tick.rows.find((candidate) => rowIdentity(tool, candidate) === details.identity) ?? null;
  return {
    ...details,
    row: row ?? details.row,
    present: row !== null,
    samples: [...details.samples, row].slice(-MAX_SAMPLES),
    sampledAt: tick.time,
  };
}

/** The state with the groups of every pane counted up to the new model, also while paused. */
function withGroups(ui: Ui, model: Model): Ui {
  if (ui.panes.every(({ by }) => by === null)) return ui;
  const { tools } = shownModel({ ...ui, paused: null }, model);
  const panes = ui.panes.map((pane, i) => tools[i] ? followGroups(pane, tools[i]) : pane);
  return panes.every((pane, i) => pane === ui.panes[i]) ? ui : { ...ui, panes };
}

/** The form whose flags a notice refuses, unless something else is open by now, or another pane has the focus. */
function refusedForm({ sentForm, overlay, focus }: Ui, { notice, tools }: Model): FlagForm | null {
  const isSent = sentForm !== null && notice?.refusedFlags === sentForm.tool;
  return isSent && overlay === null && tools[focus]?.tool.name === sentForm.tool ? sentForm.form : null;
}

/** The state with a new notice of the monitor as its message. If it refuses flags, their form is open again. */
function withNotice(ui: Ui, model: Model): Ui {
  const { notice } = model;
  if (notice === undefined || notice === ui.notice) return ui;
  const message = ui.message?.text === RESUMED ? { ...notice, text: `${RESUMED}: ${notice.text}` } : notice;
  return { ...ui, notice, message, overlay: refusedForm(ui, model) ?? ui.overlay, sentForm: null };
}

/**
 * The state after a new model: counts its rows in the groups that panes show, shows a new notice, and adds a sample to open
 * details, unless paused. The same object if nothing changed.
 */
export function followModel(before: Ui, model: Model): Ui {
  const ui = withNotice(withGroups(before, model), model);
  const tool = model.tools[ui.focus];
  const { overlay } = ui;
  const details = overlay?.kind === "help" ? overlay.over : overlay;
  if (details?.kind !== "details" || !tool || ui.paused) return ui;
  const next = sampled(details, tool);
  if (next === details) return ui;
  return { ...ui, overlay: overlay?.kind === "help" ? { ...overlay, over: next } : next };
}

/** Past ticks that are searched at once: a few milliseconds. */
const TICKS_AT_ONCE = 60;

/** The ticks in which a row of a table is yet to be looked for: those before the shown one. */
export function unreadTicks(tool: ToolModel, row: Row): UnreadTicks | null {
  const { pastTicks: ticks, tick } = tool;
  const isLast = tick !== null && ticks.timeAt(ticks.length - 1) === tick.time;
  const count = ticks.length - (isLast ? 1 : 0);
  return tool.tool.view === "table" && count > 0 ? { ticks, count, values: identityValues(tool, row) } : null;
}

/** The details with the row as it was in the next older ticks. The same object if all were searched. */
export function withOlderSamples(details: Details): Details {
  const { samples, unread } = details;
  if (unread === null) return details;
  const { ticks, count, values } = unread;
  const from = Math.max(0, count - TICKS_AT_ONCE);
  const all = [...ticks.rowsWith(values, from, count), ...samples].slice(-MAX_SAMPLES);
  const isDone = from === 0 || all.length === MAX_SAMPLES;
  return { ...details, samples: all, unread: isDone ? null : { ...unread, count: from } };
}

/** The column by which events are related: the thread if the row names one, else the process. */
export const relatedBy = (row: Row): "tid" | "pid" => (row["tid"] ?? null) === null ? "pid" : "tid";

/** The rows of a row's graphs over time: its samples, or the events of the same thread or process. */
export function rowsOverTime({ row, samples }: Details, tool: ToolModel): readonly (Row | null)[] {
  if (tool.tool.view === "table") return samples;
  const key = relatedBy(row);
  const id = row[key];
  return id === undefined || id === null ? [] : tool.events.filter((event) => event[key] === id);
}

/** The details of a row; those of a group with its sums now, and the tool whose rows are the groups. */
export function shownDetails(
  details: Details,
  { rowTool, tree }: Pick<PaneContent, "rowTool" | "tree">,
): { readonly details: Details; readonly tool: ToolModel } {
  const { group } = details;
  if (!group || !tree) return { details, tool: rowTool };
  const line = tree.lines.find(({ kind, group: key }) => kind !== "row" && key === group.key);
  return {
    details: { ...details, row: line?.row ?? details.row, present: line !== undefined },
    tool: tree.tool,
  };
}

/** The process of the details, or of a row of the group. */
export const processOfDetails = ({ row, group }: Pick<Details, "row" | "group">): number | null =>
  processOf(row) ?? processOf(group?.member ?? null);

/** The process id of a row, or the id of one of its threads; null if it has none. */
export function processOf(row: Row | null): number | null {
  const id = row?.["pid"] ?? row?.["tid"];
  return typeof id === "number" && id > 0 ? id : null;
}
