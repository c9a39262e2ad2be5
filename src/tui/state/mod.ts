/**
 * What the person at the keyboard has chosen (focus, zoom, sorting, filters, pause) and what each key changes about
 * it. Values and pure functions only: nothing here draws, reads a key or touches a tool.
 *
 * @module
 */
export { type Binding, bindingsFor } from "./bindings.ts";
export { isText, placeColumns, type PlacedColumn } from "./columns.ts";
export { handleEvent } from "./handle.ts";
export { HELP_NAME_WIDTH, helpBox, type HelpLine, helpLines } from "./help.ts";
export { chooseLayout, type Layout, type PaneRect, showsFooter, showsHeader } from "./layout.ts";
export { clamp, scrollTop } from "./move.ts";
export { frameInsets, type PaneParts, paneParts, usedSlots } from "./parts.ts";
export { lineCount, sortedBy, visibleCounters, visibleHistograms, visibleRows } from "./rows.ts";
export {
  type Action,
  type Context,
  focused,
  initialUi,
  type Outcome,
  type Overlay,
  type PaneUi,
  shownModel,
  sortChoices,
  type Ui,
  withPaneCount,
} from "./ui.ts";
