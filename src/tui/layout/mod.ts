/**
 * Where everything is on a screen of a given size: panes, their parts, columns, menus, text boxes. Pure functions of model,
 * state and size, which drawing, moving and the mouse all use. No keys, no cells.
 *
 * @module
 */
export { arrangeCounters, arrangeGraphs, GRAPH_GAP } from "./arrange.ts";
export { isText, type PlacedColumn, tableColumns } from "./columns.ts";
export { DETAILS_NAME_WIDTH, DETAILS_VALUE_WIDTH, type DetailsLine, detailsLines } from "./details_lines.ts";
export {
  chooseLayout,
  type Layout,
  messageText,
  type PaneRect,
  screenBody,
  showsFooter,
  showsHeader,
} from "./layout.ts";
export { entryAt, entryWidths, type Menu, menuBox, menuOf } from "./menu.ts";
export { frameInsets, type PaneParts, paneParts, scrollTop, usedSlots } from "./parts.ts";
export { detailsBox, helpBox, type TextBox } from "./text_box.ts";
