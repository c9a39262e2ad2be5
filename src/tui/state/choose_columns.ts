/**
 * Which columns the focused pane shows.
 *
 * @module
 */
import { isShown } from "./chosen_columns.ts";
import { openMenu } from "./menu.ts";
import { type Context, focused, type Outcome, withPane } from "./ui.ts";

/** Opens the menu of columns; closes it when open. */
export function toggleColumnMenu({ ui }: Context): Outcome {
  const overlay = ui.overlay?.kind === "columns" ? null : { kind: "columns" as const, selected: 0 };
  return { ui: { ...ui, overlay } };
}

/** Shows or hides the selected column. The last one shown stays; rows sorted by one that goes stand as the tool has them. */
export function toggleColumn(context: Context): Outcome {
  const target = focused(context);
  const columns = target?.tool.tool.columns ?? [];
  const column = columns[openMenu(context.ui.overlay)?.selected ?? -1];
  if (!target || !column) return { ui: context.ui };
  const on = !isShown(column);
  if (!on && columns.filter(isShown).length === 1) return { ui: context.ui };
  const order = !on && target.pane.sort === column.key ? { sort: null, reverse: false } : {};
  return {
    ui: withPane(context.ui, { columns: { ...target.pane.columns, [column.key]: on }, skip: 0, ...order }),
  };
}
