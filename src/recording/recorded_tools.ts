/**
 * The tools of a recording. A tool that this version of ktop does not support is shown as the header describes it.
 *
 * @module
 */
import {
  type Column,
  type FlagValue,
  isAddable,
  nameKey,
  namesInRow,
  type Row,
  type ToolInfo,
  UNITS,
  type Value,
} from "../model/mod.ts";
import { type Tool, withColumnsFor } from "../tools/mod.ts";
import {
  arrayField,
  field,
  type Json,
  MAX_NUMBER,
  objectElement,
  objectField,
  RecordingError,
  text,
} from "./fields.ts";
import type { RecordedTool } from "./format.ts";

/** Limits of a header. */
const MAX_TOOLS = 64;
const MAX_COLUMNS = 64;
const MAX_MISSING = 64;
/** Maximum length of a reason or remedy, UTF-16 code units. */
const MAX_SENTENCE = 4096;
const MAX_NAME = 64;
const KEY = /^[a-z][a-z0-9_]{0,31}$/;

/** Cells of an unknown column. */
const UNKNOWN_WIDTH = 12;

function unknownColumn(key: string): Column {
  return {
    key,
    title: key.toUpperCase(),
    description: "A column that this version of ktop does not support.",
    unit: "id",
    width: Math.max(UNKNOWN_WIDTH, key.length),
    align: "left",
    shown: "always",
  };
}

/** A tool of a newer ktop: shows the recorded keys. */
function unknownTool(name: string, entry: Json): ToolInfo {
  const keys = arrayField(entry, "columns", MAX_COLUMNS).filter((key) =>
    typeof key === "string" && KEY.test(key)
  );
  return {
    name,
    summary: "A tool that this version of ktop does not support.",
    view: field(entry, "view") === "events" ? "events" : "table",
    columns: [...new Set(keys as string[])].map(unknownColumn),
    flags: [],
    graph: [],
    caveats: {},
  };
}

/** The flags in an entry of a header or in a line of a tool. */
export function recordedFlags(entry: Json): Record<string, FlagValue> {
  const flags: Record<string, FlagValue> = {};
  for (const [name, value] of Object.entries(objectField(entry, "flags"))) {
    if (typeof value === "number" || typeof value === "boolean") flags[name] = value;
    else if (typeof value === "string") flags[name] = text(value, MAX_SENTENCE);
  }
  return flags;
}

/** The state in an entry of a header or of a tick's failures. */
export function recordedState(entry: Json): RecordedTool["state"] {
  const sentence = (key: string): string => text(field(entry, key), MAX_SENTENCE);
  const tier = text(field(entry, "tier"), MAX_NAME);
  if (tier === "") return { kind: "unavailable", reason: sentence("reason"), remedy: sentence("remedy") };
  const missing = arrayField(entry, "missing", MAX_MISSING).map((value) => text(value, MAX_SENTENCE));
  return { kind: "running", tier, missing };
}

/** Parses the header's tools. Adds a warning for each tool or column that this version of ktop does not support. */
export function recordedTools(header: Json, tools: readonly Tool[], warnings: string[]): RecordedTool[] {
  const found = new Map<string, RecordedTool>();
  for (const element of arrayField(header, "tools", MAX_TOOLS)) {
    const entry = objectElement(element, "tools");
    const name = text(field(entry, "tool"), MAX_NAME);
    if (name === "" || found.has(name)) {
      throw new RecordingError("names a tool twice, or a tool without a name");
    }
    const known = tools.find((tool) => tool.name === name);
    if (!known) {
      warnings.push(`This version of ktop does not support ${name}; its rows are shown as recorded.`);
    } else warnOfUnknownKeys(known, entry, warnings);
    const flags = recordedFlags(entry);
    const tool = known
      ? withColumnsFor(known, { filters: { self: false }, flags })
      : unknownTool(name, entry);
    found.set(name, { tool, flags, state: recordedState(entry) });
  }
  if (found.size === 0) throw new RecordingError("names no tool");
  return [...found.values()];
}

function warnOfUnknownKeys(tool: ToolInfo, entry: Json, warnings: string[]): void {
  const known = new Set<unknown>(tool.columns.map(({ key }) => key));
  const more = arrayField(entry, "columns", MAX_COLUMNS).filter((key) => !known.has(key));
  if (more.length === 0) return;
  const names = more.map((key) => text(key, MAX_NAME)).join(", ");
  warnings.push(`This version of ktop does not support all columns of ${tool.name}: ${names} are left out.`);
}

/** A cell of the column's unit; null for any other value. */
function cell(column: Column, value: unknown): Value {
  const { kind } = UNITS[column.unit];
  if (typeof value === "number") {
    return Math.abs(value) <= MAX_NUMBER && kind !== "time" ? value : null;
  }
  if (typeof value !== "string" || kind === "number") return null;
  if (kind === "time" && !Number.isFinite(Date.parse(value))) return null;
  return text(value);
}

/** The sums of a rest: numbers of the columns that may be added. */
export function recordedSums(tool: ToolInfo, rest: Json): Row {
  const from = objectField(rest, "sums");
  const columns = tool.columns.filter(isAddable);
  return Object.fromEntries(columns.map((column) => [column.key, cell(column, field(from, column.key))]));
}

/** A row with the tool's columns, the names that only the row has, and nothing else. */
export function recordedRow(tool: ToolInfo, value: unknown): Row {
  const from = objectElement(value, "rows");
  const row: Record<string, Value> = {};
  for (const column of tool.columns) {
    row[column.key] = cell(column, field(from, column.key));
    if (!namesInRow(column)) continue;
    const name = field(from, nameKey(column));
    row[nameKey(column)] = typeof name === "string" ? text(name) : null;
  }
  // Recordings from before the column `user` have the name only beside the ids of some tools.
  if (row["user"] === null && typeof row["uid"] === "number") {
    row["user"] = row["uid_name"] ?? `${row["uid"]}`;
  }
  return row;
}
