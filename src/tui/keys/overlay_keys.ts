/**
 * Keys of what is open over the panes: help, menus, details, the filter.
 *
 * @module
 */
import { MAX_PANES } from "../../model/mod.ts";
import { isTyping, menuSearch } from "../state/mod.ts";
import { keepSearch, startSearch, turnPage } from "./search.ts";
import type { Binding } from "./binding.ts";
import { acceptSort } from "./choose.ts";
import {
  acceptSet,
  acceptTool,
  addPane,
  canRemovePane,
  removePane,
  setPaneCount,
  toggleColumn,
} from "./choose_panes.ts";
import { acceptGroup } from "./group.ts";
import { helpOver, menuMovement, movement, quit, terminalKeys } from "./common_keys.ts";
import { acceptFilter, canAccept, cancelFilter, canRecall, recallFilter } from "./filter_prompt.ts";
import { applyFlags, canStep, stepFlag } from "./flags.ts";
import { focusNext, moveBy, stepBack } from "./move.ts";
import { goToTypedTime } from "./time_prompt.ts";
import { canPivot, togglePivot, widens } from "./row.ts";

/** Closes an overlay; the footer shows the first key. */
const close = (overlay: string, keys: readonly [string, ...string[]], shown: string = keys[0]): Binding => ({
  name: "back",
  keys,
  shown,
  help: `Close the ${overlay}.`,
  footer: { key: keys[0], label: "Close" },
  run: stepBack,
});

/** An overlay's own keys and those that all overlays share; `moving` is the footer's word for moving. */
const overlay = (moving: string, own: readonly Binding[]): readonly Binding[] => [
  ...own,
  helpOver,
  ...menuMovement(moving),
  ...terminalKeys,
  quit,
];

/** The keys that all prompts share: none of them types a character. `moving` is the footer's word for moving, if it is shown. */
const typelessKeys = (moving?: string): readonly Binding[] => [
  ...(moving === undefined ? movement : menuMovement(moving)).map((binding) => ({
    ...binding,
    keys: binding.keys.filter((key) => key.length > 1),
  })),
  { ...helpOver, keys: ["F1"], shown: "F1", footer: { key: "F1", label: "Help" } },
  ...terminalKeys,
  { ...quit, keys: ["Ctrl-C", "F10"], shown: "Ctrl-C  F10", footer: { key: "Ctrl-C", label: "Quit" } },
];

/** Starts a search for an entry. */
const search: Binding = {
  name: "search",
  keys: ["/"],
  shown: "/",
  help: "Search: type words of an entry. Esc shows all again.",
  footer: { key: "/", label: "Search" },
  when: ({ ui }) => !isTyping(ui.overlay),
  run: startSearch,
};

/** Keys of the help. */
export const HELP: readonly Binding[] = [
  close("help", ["Esc", "?", "h", "F1", "Enter"]),
  {
    name: "accept",
    keys: ["Enter"],
    shown: "Enter",
    help: "Keep what the search found.",
    footer: { key: "Enter", label: "Keep" },
    when: ({ ui }) => isTyping(ui.overlay),
    run: keepSearch,
  },
  search,
  {
    name: "page",
    keys: ["Tab", "Shift-Tab"],
    shown: "Tab",
    help: "The other page of the help.",
    footer: {
      key: "Tab",
      label: "Questions",
      labelNow: ({ ui }) => ui.overlay?.kind === "help" && ui.overlay.page ? "Keys" : null,
    },
    when: ({ ui }) => !isTyping(ui.overlay),
    run: turnPage,
  },
  ...menuMovement("Scroll"),
  ...terminalKeys,
  quit,
];

/** Keys of the menu of columns to sort by. */
export const SORT = overlay("Choose", [
  {
    name: "accept",
    keys: ["Enter", " "],
    shown: "Enter",
    help: "Sort by this column.",
    footer: { key: "Enter", label: "Sort" },
    run: acceptSort,
  },
  close("menu", ["Esc", "s", "F6"]),
  search,
]);

/** Keys of the menu of columns to group by. */
export const GROUP = overlay("Choose", [
  {
    name: "accept",
    keys: ["Enter", " "],
    shown: "Enter",
    help: "Group by this column.",
    footer: { key: "Enter", label: "Group" },
    run: acceptGroup,
  },
  close("menu", ["Esc", "b"]),
  search,
]);

/** Keys of the menu of named sets of panes. */
export const SETS = overlay("Choose", [
  {
    name: "accept",
    keys: ["Enter", " "],
    shown: "Enter",
    help: "Show the panes of this set.",
    footer: { key: "Enter", label: "Show" },
    run: acceptSet,
  },
  close("menu", ["Esc", "T"]),
]);

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

/** Keys of the menu of tools: characters are typed into its search, digits only into one that is not empty. */
export const TOOLS: readonly Binding[] = [
  {
    name: "accept",
    keys: ["Enter"],
    shown: "Enter",
    help: "Show this tool in the pane.",
    footer: { key: "Enter", label: "Show" },
    run: acceptTool,
  },
  close("menu", ["Esc"]),
  {
    name: "add-pane",
    keys: ["Ctrl-N", "Insert"],
    shown: "Ctrl-N  Insert",
    help: "Add a pane with this tool.",
    footer: { key: "Ctrl-N", label: "Add" },
    when: ({ ui }) => ui.panes.length < MAX_PANES,
    run: addPane,
  },
  {
    name: "remove-pane",
    keys: ["Ctrl-X", "Delete"],
    shown: "Ctrl-X  Delete",
    help: "Remove this pane.",
    footer: { key: "Ctrl-X", label: "Remove" },
    when: canRemovePane,
    run: removePane,
  },
  {
    name: "pane-count",
    keys: DIGITS,
    shown: "1 … 9",
    help: "Show this many panes.",
    footer: { key: "1…9", label: "Panes" },
    when: ({ ui }) => menuSearch(ui) === "",
    run: (screen, key) => setPaneCount(screen, Number(key)),
  },
  {
    name: "next-pane",
    keys: ["Tab"],
    shown: "Tab",
    help: "Choose the tool of the next pane.",
    footer: { key: "Tab", label: "Next" },
    when: ({ ui }) => ui.panes.length > 1,
    run: (screen) => focusNext(screen, 1),
  },
  {
    name: "previous-pane",
    keys: ["Shift-Tab"],
    shown: "Shift-Tab",
    help: "Choose the tool of the previous pane.",
    when: ({ ui }) => ui.panes.length > 1,
    run: (screen) => focusNext(screen, -1),
  },
  ...typelessKeys("Choose"),
];

/** Keys of the form of flags: characters are typed into a value. */
export const FLAGS: readonly Binding[] = [
  {
    name: "change-flag",
    keys: [" ", "Right", "Left"],
    shown: "Space  →  ←",
    help: "Toggle this flag, or select its next or previous choice.",
    footer: { key: "Space", label: "Change" },
    when: canStep,
    run: (screen, key) => stepFlag(screen, key === "Left" ? -1 : 1),
  },
  {
    name: "apply-flags",
    keys: ["Enter"],
    shown: "Enter",
    help: "Re-attach the tool with these flags.",
    footer: { key: "Enter", label: "Apply" },
    run: applyFlags,
  },
  {
    ...close("form", ["Esc"]),
    help: "Close the form without changes.",
    footer: { key: "Esc", label: "Cancel" },
  },
  {
    name: "next-flag",
    keys: ["Tab"],
    shown: "Tab",
    help: "The next flag.",
    run: (screen) => moveBy(screen, 1),
  },
  {
    name: "previous-flag",
    keys: ["Shift-Tab"],
    shown: "Shift-Tab",
    help: "The previous flag.",
    run: (screen) => moveBy(screen, -1),
  },
  ...typelessKeys("Choose"),
];

/** Keys of the menu of columns to show. */
export const COLUMNS = overlay("Choose", [
  {
    name: "toggle-column",
    keys: [" "],
    shown: "Space",
    help: "Show or hide this column.",
    footer: { key: "Space", label: "Show/hide" },
    run: toggleColumn,
  },
  close("menu", ["Esc", "Enter", "C"], "Esc  Enter"),
  search,
]);

/** Keys of the details. */
export const DETAILS = overlay("Scroll", [
  close("details", ["Esc", "d", "Enter"]),
  {
    name: "process",
    keys: ["p"],
    shown: "p",
    help: "Narrow every pane to this process; press again to show all processes.",
    footer: { key: "p", label: "Narrow", labelNow: (now) => widens(now) ? "Widen" : null },
    needs: "setPivot",
    when: canPivot,
    run: togglePivot,
  },
]);

/** Keys while a time is typed. */
export const TIME: readonly Binding[] = [
  {
    name: "accept",
    keys: ["Enter"],
    shown: "Enter",
    help: "Go to this time.",
    footer: { key: "Enter", label: "Go" },
    run: goToTypedTime,
  },
  close("prompt", ["Esc"]),
  ...typelessKeys(),
];

/** Keys while a filter is typed: none of them types a character. */
export const FILTER: readonly Binding[] = [
  {
    name: "accept",
    keys: ["Enter"],
    shown: "Enter",
    help:
      "Keep the filter and return to the rows, where Esc clears it; if nothing was typed, the filter from before. The prompt stays open while the filter is invalid.",
    footer: { key: "Enter", label: "Keep" },
    when: canAccept,
    run: acceptFilter,
  },
  {
    ...close("prompt", ["Esc"]),
    help: "Close the prompt; the filter is again the one before.",
    footer: { key: "Esc", label: "Cancel" },
    run: cancelFilter,
  },
  ...typelessKeys(),
  {
    name: "recent-filter",
    keys: ["Up", "Down"],
    shown: "↑  ↓",
    help: "Until something is typed: the filter before, to use it again or to edit it; and the one after.",
    footer: { key: "↑", label: "Earlier" },
    when: canRecall,
    run: (screen, key) => recallFilter(screen, key === "Up" ? 1 : -1),
  },
];
