/**
 * The order of the rows of a pane, as its titles and its border show it.
 *
 * @module
 */
import { isList, orderTitles, ownOrder, sortsDescending, type ToolModel } from "../../model/mod.ts";
import type { ArrangedPane } from "../layout/mod.ts";
import { sortedBy } from "../state/mod.ts";
import type { TableInput } from "./table.ts";

/** A tool's own order in words, the longest form first. */
function orderWords({ tool, flags }: ToolModel, reverse: boolean): readonly string[] {
  if (tool.view === "events") return [reverse ? "oldest first" : "newest first"];
  return sumWords(orderTitles(tool, flags), reverse);
}

/** The order by the sum of columns in words, the longest form first. */
function sumWords(titles: readonly string[], reverse: boolean): readonly string[] {
  if (titles.length < 2) return ["default order"];
  const sum = reverse ? "smallest sum" : "sum";
  return [
    `sort: ${sum} of ${titles.join(", ")}`,
    `sort: ${sum} of ${titles.length} columns`,
    `sort: ${sum}`,
  ];
}

/** The words for an order by the sum of several columns, which the border has; none for other orders, and without a lower border. */
export function borderOrder(arranged: ArrangedPane): readonly string[] {
  const { tool, frame, flame } = arranged;
  if (frame !== "box" || !isList(tool.tool) || tool.tick === null || flame) return [];
  const mark = sortMark(arranged);
  return mark && mark.keys.length > 1 ? mark.words ?? [] : [];
}

/** The columns with the sort mark: the chosen one, else those by which the tool or the tree sorts its rows. */
export function sortMark({ tool, pane, tree }: ArrangedPane): TableInput["sort"] {
  const column = sortedBy(tool, pane);
  if (column) {
    return { keys: [column.key], descending: sortsDescending(column) !== pane.reverse, isOwn: false };
  }
  if (tree) {
    const { order, tool: { columns } } = tree.grouping;
    const titles = columns.filter(({ key }) => order.includes(key)).map(({ title }) => title);
    const words = titles.length > 1 ? { words: sumWords(titles, pane.reverse) } : {};
    return { keys: order, descending: !pane.reverse, isOwn: false, ...words };
  }
  return {
    keys: ownOrder(tool.tool, tool.flags),
    descending: !pane.reverse,
    isOwn: true,
    words: orderWords(tool, pane.reverse),
  };
}
