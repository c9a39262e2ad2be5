/**
 * What the user has chosen: focus, zoom, sorting, filters, columns, pause, what is open over the panes; and what follows
 * from it without a screen size: the rows a pane shows and the views it has. Pure values and functions. No coordinates, no
 * keys, no drawing.
 *
 * @module
 */
export { isShown, keptColumns, withColumns } from "./chosen_columns.ts";
export { followModel, relatedBy, rowsOverTime } from "./details.ts";
export { FILTER_HELP, NAME_FILTER_HELP, needsPatterns } from "./filter.ts";
export {
  lineCount,
  orderOf,
  problemOf,
  rowIdentity,
  sortedBy,
  visibleCounters,
  visibleHistograms,
  visibleRows,
} from "./rows.ts";
export { processOf, selectedRow } from "./selection.ts";
export {
  type Action,
  type Context,
  type Details,
  type Focused,
  focused,
  INITIAL_PANE,
  initialUi,
  type KeyMap,
  type Message,
  openMenu,
  type Outcome,
  type Overlay,
  type PaneUi,
  shownModel,
  sortChoices,
  type Ui,
  withPane,
  withPaneCount,
} from "./ui.ts";
export { fillsScreen, type PaneView, viewOf, viewsOf } from "./views.ts";
