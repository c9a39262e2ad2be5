/**
 * What the person at the keyboard has chosen (focus, zoom, sorting, filters, pause) and what each key changes about
 * it. Values and pure functions only: nothing here draws, reads a key or touches a tool.
 *
 * @module
 */
export { arrangeCounters, arrangeGraphs, GRAPH_GAP } from "./arrange.ts";
export type { Binding } from "./binding.ts";
export { bindingsFor, MODES } from "./bindings.ts";
export { keptColumns, withColumns } from "./chosen_columns.ts";
export { clamp } from "./clamp.ts";
export { isText, type PlacedColumn, tableColumns } from "./columns.ts";
export { needsPatterns } from "./filter.ts";
export { followModel } from "./details.ts";
export { DETAILS_NAME_WIDTH, DETAILS_VALUE_WIDTH, type DetailsLine, detailsLines } from "./details_lines.ts";
export { handleEvent } from "./handle.ts";
export { HELP_NAME_WIDTH, type HelpLine, helpLines } from "./help.ts";
export { chooseLayout, type Layout, type PaneRect, screenBody, showsFooter, showsHeader } from "./layout.ts";
export { messageText } from "./message.ts";
export { entryWidths, type Menu, menuBox, menuOf } from "./menu.ts";
export { scrollTop } from "./move.ts";
export { frameInsets, type PaneParts, paneParts, usedSlots } from "./parts.ts";
export { ALWAYS_QUITS, type KeyMap, shownKey } from "./rebind.ts";
export { lineCount, problemOf, sortedBy, visibleCounters, visibleHistograms, visibleRows } from "./rows.ts";
export { detailsBox, helpBox, type TextBox } from "./text_box.ts";
export { fillsScreen, type PaneView, viewOf } from "./views.ts";
export {
  type Action,
  type Context,
  focused,
  initialUi,
  type Message,
  type Outcome,
  type Overlay,
  type PaneUi,
  shownModel,
  sortChoices,
  type Ui,
  withPaneCount,
} from "./ui.ts";
