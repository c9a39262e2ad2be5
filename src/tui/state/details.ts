/**
 * The details of one row: kept up to date from tick to tick.
 *
 * @module
 */
import type { Model, Row, ToolModel } from "../../model/mod.ts";
import { rowIdentity } from "./pane_content.ts";
import type { Details, Ui } from "./ui.ts";

/** Ticks of a row that are kept while its details are open: ten minutes of seconds. */
const MAX_SAMPLES = 600;

/** The details after another tick of their tool. An event stays what it was; a table's row may be gone, or come back. */
function sampled(details: Details, tool: ToolModel): Details {
  const { tick } = tool;
  if (!tick || tick.time === details.sampledAt || tool.tool.view !== "table") return details;
  const row = tick.rows.find((candidate) => rowIdentity(tool, candidate) === details.identity) ?? null;
  return {
    ...details,
    row: row ?? details.row,
    present: row !== null,
    samples: [...details.samples, row].slice(-MAX_SAMPLES),
    sampledAt: tick.time,
  };
}

/** The state after the model changed: the details that are open have one more sample. Paused, they stay as they are. The same object where nothing is new. */
export function followModel(ui: Ui, model: Model): Ui {
  const tool = model.tools[ui.focus];
  if (ui.overlay?.kind !== "details" || !tool || ui.paused) return ui;
  const overlay = sampled(ui.overlay, tool);
  return overlay === ui.overlay ? ui : { ...ui, overlay };
}

/** What events must share to be told together: the thread where the row names one, else the process. */
export const relatedBy = (row: Row): "tid" | "pid" => (row["tid"] ?? null) === null ? "pid" : "tid";

/** Rows whose numbers tell how this one's went over time: its samples, or other events of the same process. */
export function rowsOverTime({ row, samples }: Details, tool: ToolModel): readonly (Row | null)[] {
  if (tool.tool.view === "table") return samples;
  const key = relatedBy(row);
  const id = row[key];
  return id === undefined || id === null ? [] : tool.events.filter((event) => event[key] === id);
}

/** The process a row is about, or one of its threads; null where it names none. */
export function processOf(row: Row | null): number | null {
  const id = row?.["pid"] ?? row?.["tid"];
  return typeof id === "number" && id > 0 ? id : null;
}
