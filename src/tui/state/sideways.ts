/**
 * Moving through a table that is wider than its pane.
 *
 * @module
 */
import { formatCell } from "../../model/mod.ts";
import { displayWidth } from "../../text/width.ts";
import { keptColumns } from "./chosen_columns.ts";
import { clamp } from "./clamp.ts";
import { isText, type PlacedColumn, tableColumns } from "./columns.ts";
import { focusedParts, pageRows, scrollTop } from "./move.ts";
import { visibleRows } from "./rows.ts";
import { type Context, focused, type Outcome, withPane } from "./ui.ts";

/** Most cells by which text on the screen is longer than its column. */
function longestRest(context: Context, placed: readonly PlacedColumn[]): number {
  const target = focused(context);
  if (!target) return 0;
  const rows = visibleRows(target.tool, target.pane);
  const height = pageRows(context);
  const selected = Math.min(target.pane.selected, rows.length - 1);
  const top = scrollTop(target.pane.top, selected, { height, count: rows.length });
  let most = 0;
  for (const row of rows.slice(top, top + height)) {
    for (const { column, width } of placed.filter((place) => isText(place.column))) {
      most = Math.max(most, displayWidth(formatCell(column, row[column.key] ?? null, 1)) - width);
    }
  }
  return most;
}

/** Moves to the right column by column while some have no room, then through long text to its end; back the same way. */
export function shiftBy(context: Context, cells: number): Outcome {
  const target = focused(context);
  if (!target) return { ui: context.ui };
  const { skip, shift } = target.pane;
  const width = focusedParts(context)?.table.width ?? 0;
  const columns = target.tool.tool.columns;
  const { placed, hidden } = tableColumns(columns, width, { kept: keptColumns(target.pane), skip });
  if (cells > 0 && hidden > 0) return { ui: withPane(context.ui, { skip: skip + 1 }) };
  if (cells < 0 && shift === 0) return { ui: withPane(context.ui, { skip: Math.max(0, skip - 1) }) };
  const most = longestRest(context, placed);
  return { ui: withPane(context.ui, { shift: clamp(Math.min(shift, most) + cells, 0, most) }) };
}
