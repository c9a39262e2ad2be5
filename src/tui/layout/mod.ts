/**
 * Where everything is on a screen of a given size: panes, their parts, columns, menus, text boxes. Pure functions of model,
 * state and size, which drawing, moving and the mouse all use. No keys, no cells.
 *
 * @module
 */
export { type Arrangement, hiddenPaneCount } from "./arrangement.ts";
export { isText, type PlacedColumn, tableColumns } from "./columns.ts";
export { arrangeGraphs, GRAPH_GAP, type GraphArrangement } from "./counters.ts";
export { DETAILS_NAME_WIDTH, DETAILS_VALUE_WIDTH, type DetailsLine } from "./details_lines.ts";
export { type ArrangedFlame, type FlameBar, selectBeside, selectInwards } from "./flame.ts";
export { type HeatCells, heatCells } from "./heat.ts";
export { HELP_NAME_WIDTH, type HelpLine, type KeyHint, QUESTIONS_TITLE } from "./help_lines.ts";
export { type ArrangedMenu, entryAt } from "./menu.ts";
export {
  type ArrangedHeat,
  type ArrangedPane,
  arrangeHeat,
  arrangePaneGraphs,
  GROUP_INDENT,
} from "./pane.ts";
export { hasRoomForFigures, messageText } from "./pane_rects.ts";
export { answered, bindingsOf, type KeyNames, type Question, QUESTIONS } from "./questions.ts";
export { scrollTop, usedSlots } from "./parts.ts";
export { arrange, type Keys, type Screen } from "./screen.ts";
export type { ArrangedText } from "./text_box.ts";
export { type ArrangedTimeline, nextPeakTime, type TimelineCell } from "./timeline.ts";
export { AXIS_WIDTH, columnLength, coveredColumns, type TimeColumns, timeColumns } from "./time_columns.ts";
