/**
 * Keys of what lies over the panes: help, menus, details, the line of the filter.
 *
 * @module
 */
import type { Binding } from "./binding.ts";
import { acceptSort } from "./choose.ts";
import { menuMovement, movement, quit, terminalKeys } from "./keys_everywhere.ts";
import { COLUMN_MENU_KEYS, DETAILS_KEYS, TOOL_MENU_KEYS } from "./keys_panes.ts";
import { stepBack } from "./move.ts";

/** Keys of the help. */
export const HELP: readonly Binding[] = [
  {
    name: "back",
    keys: ["Esc", "?", "h", "F1", "Enter"],
    shown: "Esc",
    help: "Close the help.",
    footer: { key: "Esc", label: "Close" },
    run: stepBack,
  },
  ...menuMovement("Scroll"),
  ...terminalKeys,
  quit,
];

/** Keys of the menu of columns to sort by. */
export const SORT: readonly Binding[] = [
  {
    name: "accept",
    keys: ["Enter", " "],
    shown: "Enter",
    help: "Sort by this column.",
    footer: { key: "Enter", label: "Sort" },
    run: acceptSort,
  },
  {
    name: "back",
    keys: ["Esc", "s", "F6"],
    shown: "Esc",
    help: "Close the menu.",
    footer: { key: "Esc", label: "Close" },
    run: stepBack,
  },
  ...menuMovement("Choose"),
  ...terminalKeys,
  quit,
];

/** Keys of the menu of tools. */
export const TOOLS: readonly Binding[] = [
  ...TOOL_MENU_KEYS,
  ...menuMovement("Choose"),
  ...terminalKeys,
  quit,
];
/** Keys of the menu of columns to show. */
export const COLUMNS: readonly Binding[] = [
  ...COLUMN_MENU_KEYS,
  ...menuMovement("Choose"),
  ...terminalKeys,
  quit,
];
/** Keys of the details. */
export const DETAILS: readonly Binding[] = [
  ...DETAILS_KEYS,
  ...menuMovement("Scroll"),
  ...terminalKeys,
  quit,
];

/** Keys while a filter is typed: none that writes a character. */
export const FILTER: readonly Binding[] = [
  {
    name: "back",
    keys: ["Enter", "Esc"],
    shown: "Enter  Esc",
    help: "Keep the filter and go back to the rows; Esc once more clears it.",
    footer: { key: "Enter", label: "Keep" },
    run: stepBack,
  },
  ...movement.map((binding) => ({ ...binding, keys: binding.keys.filter((key) => key.length > 2) })),
  ...terminalKeys,
  { ...quit, keys: ["Ctrl-C", "F10"], shown: "Ctrl-C  F10", footer: { key: "Ctrl-C", label: "Quit" } },
];
