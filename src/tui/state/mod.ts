/**
 * What the user has chosen: focus, zoom, sorting, filters, columns, pause, what is open over the panes; and what follows
 * from it without a screen size: the rows a pane shows and the views it has. Pure values and functions. No coordinates, no
 * keys, no drawing.
 *
 * @module
 */
export { isShown, keptColumns, screenTool, withColumns } from "./chosen_columns.ts";
export { type Capabilities, type Command, SCREEN_COMMANDS } from "./command.ts";
export {
  followModel,
  processOf,
  processOfDetails,
  relatedBy,
  rowsOverTime,
  shownDetails,
  unreadTicks,
  withOlderSamples,
} from "./details.ts";
export {
  divided,
  type Filter,
  nameTest,
  needsPatterns,
  notApplied,
  parseToolFilter,
  rowTest,
} from "./filter.ts";
export { atFirstRows, followedRow, followRow } from "./followed_row.ts";
export { type FilterForm, filterHelp } from "./filter_help.ts";
export { followGroups, groupChoices } from "./group_history.ts";
export type { GroupLine, GroupTree } from "./group_lines.ts";
export {
  orderOf,
  type PaneContent,
  paneContent,
  rowIdentity,
  selectedLine,
  selectedRow,
  sortEntries,
} from "./pane_content.ts";
export {
  clamp,
  type Context,
  type Details,
  type DetailsGroup,
  type FilterPrompt,
  type FlagForm,
  type FlameUi,
  heldModel,
  type Help,
  INITIAL_PANE,
  initialUi,
  type KeyMap,
  type Message,
  openMenu,
  type Outcome,
  type Overlay,
  paneChoices,
  type PaneUi,
  pausedAt,
  resumed,
  returningPane,
  type Scope,
  shownModel,
  sortChoices,
  type Ui,
  withPane,
  withPaneCount,
} from "./ui.ts";
export { formFlags, formResult, isTyped, openForm, steppedValue } from "./flag_form.ts";
export { sortedBy } from "./row_order.ts";
export { flagBadges } from "./restrictions.ts";
export { type PaneSelection, rowSelections } from "./row_selections.ts";
export { fillsScreen, type PaneView, viewOf, viewsOf } from "./views.ts";
export { offeredTools, showsSet } from "./shown_set.ts";
export { replacementText } from "./replacements.ts";
export { foundColumns, foundOffers, isTyping, menuSearch, OWN_ORDER, searchTest } from "./search.ts";
