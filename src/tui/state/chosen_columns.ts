/**
 * Which columns the user switched on and off.
 *
 * @module
 */
import { type Column, displayOrder, type ToolInfo } from "../../model/mod.ts";

/** Columns switched on (true) and off (false), by key. */
export type ColumnChoice = Readonly<Record<string, boolean>>;

/** Whether tables show the column, possibly only when there is room. */
export function isShown({ shown = "always" }: Column): boolean {
  return shown !== "data";
}

/** Keys of columns that stay if not all fit: the one sorted by, those that were switched on. */
export function keptColumns(
  { sort, columns }: { sort: string | null; columns: ColumnChoice },
): ReadonlySet<string> {
  const on = Object.keys(columns).filter((key) => columns[key]);
  return new Set(sort === null ? on : [sort, ...on]);
}

const screenTools = new WeakMap<ToolInfo, ToolInfo>();

/** The tool with the columns that a screen shows by default. The same object for the same tool. */
export function screenTool(tool: ToolInfo): ToolInfo {
  const known = screenTools.get(tool);
  if (known) return known;
  const ordered = displayOrder(tool.columns);
  const columns = ordered.map(({ onScreen, ...column }): Column =>
    onScreen === undefined ? column : { ...column, shown: onScreen }
  );
  const isSame = ordered === tool.columns && !ordered.some(({ onScreen }) => onScreen !== undefined);
  const found = isSame ? tool : { ...tool, columns };
  screenTools.set(tool, found);
  return found;
}

/** The tool with its columns shown or hidden as chosen, else as a screen shows them by default. */
export function withColumns(info: ToolInfo, choice: ColumnChoice): ToolInfo {
  const tool = screenTool(info);
  if (Object.keys(choice).length === 0) return tool;
  const columns = tool.columns.map((column): Column => {
    const on = choice[column.key];
    return on === undefined ? column : { ...column, shown: on ? "always" : "data" };
  });
  return { ...tool, columns };
}
