/**
 * A tool's columns as the person wants them shown.
 *
 * @module
 */
import type { Column, ToolModel } from "../../model/mod.ts";

/** Columns switched on (true) and off (false), by key. */
export type ColumnChoice = Readonly<Record<string, boolean>>;

/** True for a column that tables show, if only where there is room. */
export function isShown({ shown = "always" }: Column): boolean {
  return shown !== "data";
}

/** Keys of columns that stay where there is no room for all: the one sorted by, those that were switched on. */
export function keptColumns(
  { sort, columns }: { sort: string | null; columns: ColumnChoice },
): ReadonlySet<string> {
  const on = Object.keys(columns).filter((key) => columns[key]);
  return new Set(sort === null ? on : [sort, ...on]);
}

/** The last answers: rows are remembered by the tool's model, filters by its columns. */
const answers = new WeakMap<ToolModel, { choice: ColumnChoice; tool: ToolModel }>();
const chosen = new WeakMap<readonly Column[], { choice: ColumnChoice; columns: readonly Column[] }>();

function chooseColumns(all: readonly Column[], choice: ColumnChoice): readonly Column[] {
  const known = chosen.get(all);
  if (known?.choice === choice) return known.columns;
  const columns = all.map((column): Column => {
    const on = choice[column.key];
    return on === undefined ? column : { ...column, shown: on ? "always" : "data" };
  });
  chosen.set(all, { choice, columns });
  return columns;
}

/** The tool with its columns shown or hidden as chosen; the same object where nothing was chosen. */
export function withColumns(tool: ToolModel, choice: ColumnChoice): ToolModel {
  if (Object.keys(choice).length === 0) return tool;
  const known = answers.get(tool);
  if (known?.choice === choice) return known.tool;
  const changed = { ...tool, tool: { ...tool.tool, columns: chooseColumns(tool.tool.columns, choice) } };
  answers.set(tool, { choice, tool: changed });
  return changed;
}
