/**
 * Columns, views and graphs that depend on the options.
 *
 * @module
 */
import type { Column, Shown } from "../../model/mod.ts";
import type { Tool, ToolOptions } from "../tool.ts";

/** The tool with its columns, its view and its graphs for these options. */
export function withColumnsFor<S>(tool: Tool<S>, options: ToolOptions): Tool<S> {
  const columns = tool.columnsFor?.(options) ?? tool.columns;
  const view = tool.viewFor?.(options) ?? tool.view;
  const graph = tool.graphFor?.(options) ?? tool.graph;
  const same = columns === tool.columns && view === tool.view && graph === tool.graph;
  return same ? tool : { ...tool, columns, view, graph };
}

/** Columns with `shown` replaced for some keys. */
export function withShown(
  columns: readonly Column[],
  shown: Readonly<Record<string, Shown>>,
): readonly Column[] {
  return columns.map((column) => ({ ...column, shown: shown[column.key] ?? column.shown ?? "always" }));
}

/**
 * Columns, with those always shown whose switch is set.
 *
 * @param switches Column key → name of the switch that shows it.
 */
export function withSwitched(
  columns: readonly Column[],
  flags: ToolOptions["flags"],
  switches: Readonly<Record<string, string>>,
): readonly Column[] {
  const set = Object.keys(switches).filter((key) => flags[switches[key] as string] === true);
  return withShown(columns, Object.fromEntries(set.map((key) => [key, "always" as const])));
}
