/**
 * The tools of a recording: those this ktop knows, and those it does not, shown as the recording describes them.
 *
 * @module
 */
import { type Column, type FlagValue, type Row, type ToolInfo, UNITS, type Value } from "../model/mod.ts";
import { type Tool, withColumnsFor } from "../tools/mod.ts";
import { field, type Json, list, MAX_NUMBER, object, RecordingError, text } from "./fields.ts";
import type { RecordedTool } from "./format.ts";

/** Most tools, columns and missing hooks that are taken from a header. */
const MAX_TOOLS = 64;
const MAX_COLUMNS = 64;
const MAX_MISSING = 64;
/** Longest sentence of a header: a reason, a remedy. */
const MAX_SENTENCE = 4096;
const MAX_NAME = 64;
const KEY = /^[a-z][a-z0-9_]{0,31}$/;

/** Cells of a column of which only the key is known. */
const UNKNOWN_WIDTH = 12;

/** A column of an unknown tool. Its values are shown as they are. */
function unknownColumn(key: string): Column {
  return {
    key,
    title: key.toUpperCase(),
    description: "A column that this ktop does not know.",
    unit: "id",
    width: Math.max(UNKNOWN_WIDTH, key.length),
    align: "left",
    shown: "always",
  };
}

/** A tool that a newer ktop recorded: rows under the recorded keys. It cannot be run. */
function unknownTool(name: string, entry: Json): ToolInfo {
  const keys = list(field(entry, "columns"), MAX_COLUMNS).filter((key) =>
    typeof key === "string" && KEY.test(key)
  );
  return {
    name,
    summary: "A tool that this ktop does not know.",
    view: field(entry, "view") === "events" ? "events" : "table",
    columns: [...new Set(keys as string[])].map(unknownColumn),
    flags: [],
    graph: [],
    caveats: {},
  };
}

function flagsOf(entry: Json): Record<string, FlagValue> {
  const flags: Record<string, FlagValue> = {};
  for (const [name, value] of Object.entries(object(field(entry, "flags") ?? {}))) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      flags[name] = value;
    }
  }
  return flags;
}

/** The state a header's or a tick's entry tells of. */
export function recordedState(entry: Json): RecordedTool["state"] {
  const sentence = (key: string): string => text(field(entry, key), MAX_SENTENCE);
  const tier = text(field(entry, "tier"), MAX_NAME);
  if (tier === "") return { kind: "unavailable", reason: sentence("reason"), remedy: sentence("remedy") };
  const missing = list(field(entry, "missing"), MAX_MISSING).map((what) => text(what, MAX_SENTENCE));
  return { kind: "running", tier, missing };
}

/** Checks the header's list of tools. `notes` gets a sentence for what cannot be shown as it was. */
export function recordedTools(entries: unknown, tools: readonly Tool[], notes: string[]): RecordedTool[] {
  const found = new Map<string, RecordedTool>();
  for (const value of list(entries, MAX_TOOLS)) {
    const entry = object(value);
    const name = text(field(entry, "tool"), MAX_NAME);
    if (name === "" || found.has(name)) throw new RecordingError("names a tool twice, or one without a name");
    const known = tools.find((tool) => tool.name === name);
    if (!known) notes.push(`This ktop does not know ${name}; its rows are shown as they were recorded.`);
    else noteUnknownKeys(known, entry, notes);
    const tool = known
      ? withColumnsFor(known, { filters: { self: false }, flags: flagsOf(entry) })
      : unknownTool(name, entry);
    found.set(name, { tool, state: recordedState(entry) });
  }
  if (found.size === 0) throw new RecordingError("names no tool");
  return [...found.values()];
}

function noteUnknownKeys(tool: ToolInfo, entry: Json, notes: string[]): void {
  const known = new Set<unknown>(tool.columns.map(({ key }) => key));
  const more = list(field(entry, "columns"), MAX_COLUMNS).filter((key) => !known.has(key));
  if (more.length === 0) return;
  const names = more.map((key) => text(key, MAX_NAME)).join(", ");
  notes.push(`This ktop does not know all columns of ${tool.name}: ${names} are left out.`);
}

/** A cell as its column allows it; what does not fit is unknown. */
function cell(column: Column, value: unknown): Value {
  const { kind } = UNITS[column.unit];
  if (typeof value === "number") {
    return Math.abs(value) <= MAX_NUMBER && kind !== "time" ? value : null;
  }
  if (typeof value !== "string" || kind === "number") return null;
  if (kind === "time" && !Number.isFinite(Date.parse(value))) return null;
  return text(value);
}

/** A row of the tool's columns, and no others. */
export function recordedRow(tool: ToolInfo, value: unknown): Row {
  const from = object(value);
  const row: Record<string, Value> = {};
  for (const column of tool.columns) row[column.key] = cell(column, field(from, column.key));
  return row;
}
