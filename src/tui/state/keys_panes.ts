/**
 * Keys that say what the panes show: tools, columns, one process, one row.
 *
 * @module
 */
import type { Binding } from "./binding.ts";
import { toggleColumn, toggleColumnMenu } from "./choose_columns.ts";
import {
  acceptTool,
  addPane,
  canRemovePane,
  MAX_PANES,
  removePane,
  setPaneCount,
  toggleToolMenu,
} from "./choose_tools.ts";
import { openDetails } from "./details.ts";
import { focusNext, stepBack } from "./move.ts";
import { canPivot, selectedRow, togglePivot, widens } from "./pivot.ts";
import { type Context, focused } from "./ui.ts";

const hasOffers = ({ model }: Context): boolean => (model.offers?.length ?? 0) > 0;
const hasColumns = (context: Context): boolean => {
  const view = focused(context)?.tool.tool.view;
  return view !== undefined && view !== "histogram";
};

/** Keys over the panes. */
export const PANE_KEYS: readonly Binding[] = [
  {
    name: "tools",
    keys: ["t"],
    shown: "t",
    help: "Choose the tool this pane shows; add and remove panes.",
    footer: { key: "t", label: "Tools" },
    when: hasOffers,
    run: toggleToolMenu,
  },
  {
    name: "process",
    keys: ["p"],
    shown: "p",
    help:
      "Narrow every pane to the process of the selected row, counted in the kernel; once more widens again.",
    footer: { key: "p", label: "Process", labelNow: (context) => widens(context) ? "Widen" : null },
    when: canPivot,
    run: togglePivot,
  },
  {
    name: "details",
    keys: ["d"],
    shown: "d",
    help: "Everything about the selected row: whole names, all columns, its process, its numbers over time.",
    footer: { key: "d", label: "Details" },
    when: (context) => selectedRow(context) !== null,
    run: openDetails,
  },
  {
    name: "columns",
    keys: ["C"],
    shown: "C",
    help: "Show and hide columns.",
    when: hasColumns,
    run: toggleColumnMenu,
  },
];

/** Keys of the menu of tools. */
export const TOOL_MENU_KEYS: readonly Binding[] = [
  {
    name: "accept",
    keys: ["Enter"],
    shown: "Enter",
    help: "Show this tool in the pane.",
    footer: { key: "Enter", label: "Show" },
    run: acceptTool,
  },
  {
    name: "back",
    keys: ["Esc", "t"],
    shown: "Esc",
    help: "Close the menu.",
    footer: { key: "Esc", label: "Close" },
    run: stepBack,
  },
  {
    name: "add-pane",
    keys: ["a", "+"],
    shown: "a  +",
    help: "Add a pane with this tool.",
    footer: { key: "a", label: "Add" },
    when: ({ ui }) => ui.panes.length < MAX_PANES,
    run: addPane,
  },
  {
    name: "remove-pane",
    keys: ["x", "-", "Delete"],
    shown: "x  -  Delete",
    help: "Remove this pane.",
    footer: { key: "x", label: "Remove pane" },
    when: canRemovePane,
    run: removePane,
  },
  {
    name: "next-pane",
    keys: ["Tab"],
    shown: "Tab",
    help: "Choose for the next pane.",
    footer: { key: "Tab", label: "Next" },
    when: ({ ui }) => ui.panes.length > 1,
    run: (context) => focusNext(context, 1),
  },
  {
    name: "previous-pane",
    keys: ["Shift-Tab"],
    shown: "Shift-Tab",
    help: "Choose for the pane before.",
    when: ({ ui }) => ui.panes.length > 1,
    run: (context) => focusNext(context, -1),
  },
  {
    name: "pane-count",
    keys: ["1", "2", "3", "4", "6"],
    shown: "1 2 3 4 6",
    help: "Show this many panes.",
    footer: { key: "1 2 3 4 6", label: "Panes" },
    run: (context, key) => setPaneCount(context, Number(key)),
  },
];

/** Keys of the menu of columns. */
export const COLUMN_MENU_KEYS: readonly Binding[] = [
  {
    name: "toggle-column",
    keys: [" "],
    shown: "Space",
    help: "Show or hide this column.",
    footer: { key: "Space", label: "Show/hide" },
    run: toggleColumn,
  },
  {
    name: "back",
    keys: ["Enter", "Esc", "C"],
    shown: "Enter  Esc",
    help: "Close the menu.",
    footer: { key: "Enter", label: "Close" },
    run: stepBack,
  },
];

/** Keys of the details. */
export const DETAILS_KEYS: readonly Binding[] = [
  {
    name: "back",
    keys: ["Esc", "d", "Enter"],
    shown: "Esc",
    help: "Close the details.",
    footer: { key: "Esc", label: "Close" },
    run: stepBack,
  },
  {
    name: "process",
    keys: ["p"],
    shown: "p",
    help: "Narrow every pane to this process; once more widens again.",
    footer: { key: "p", label: "Process", labelNow: (context) => widens(context) ? "Widen" : null },
    when: canPivot,
    run: togglePivot,
  },
];
