/**
 * Questions asked of a tool's columns by everything that prints or draws them.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { nearest } from "../text/mod.ts";
import type { Column, Row, Tool, ToolOptions, Value } from "../tools/tool.ts";

/** The tool with its columns as these options want them shown: `shownFor` is answered, so that nobody else needs the options. */
export function resolveColumns<S>(tool: Tool<S>, options: ToolOptions): Tool<S> {
  const columns = tool.columns.map(({ shownFor, ...column }) => ({
    ...column,
    shown: shownFor ? shownFor(options) : column.shown ?? "always",
  }));
  return { ...tool, columns };
}

/** True for a tool shown as rows under titles. */
export function isList(tool: Tool): boolean {
  return tool.view === "table" || tool.view === "events";
}

/** Columns of the text form: without those that only data formats carry; wide ones only where there is room. */
export function textColumns(tool: Tool, wide: boolean): readonly Column[] {
  return tool.columns.filter(({ shown = "always" }) => shown === "always" || (wide && shown === "wide"));
}

/** Finds a column by key or by title, without regard to case. Throws UsageError naming the nearest. */
export function findColumn(tool: Tool, name: string): Column {
  const wanted = name.trim().toLowerCase();
  const found = tool.columns.find(({ key, title }) => key === wanted || title.toLowerCase() === wanted);
  if (found) return found;
  const keys = tool.columns.map(({ key }) => key);
  const hint = nearest(wanted, keys);
  throw new UsageError(
    `${tool.name} has no column "${name}".`,
    { remedy: hint ? `Did you mean ${hint}? Columns: ${keys.join(", ")}.` : `Columns: ${keys.join(", ")}.` },
  );
}

/** Orders two values: numbers by size, text by code point, unknown values last whichever way. */
export function compareValues(a: Value, b: Value, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = a < b ? -1 : a > b ? 1 : 0;
  return descending ? -order : order;
}

/** A copy of the rows sorted by a column: numbers largest first, text from A; `reverse` turns it round. Stable. */
export function sortRows(rows: readonly Row[], column: Column, reverse = false): Row[] {
  const descending = (column.unit !== "text" && column.unit !== "time") !== reverse;
  return rows.toSorted((a, b) => compareValues(a[column.key] ?? null, b[column.key] ?? null, descending));
}
