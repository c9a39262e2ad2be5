/**
 * The keys: what each is called, what it does, where it works. Help and footer are made from this list, so a key
 * that is shown works, and one that works is shown.
 *
 * @module
 */
import {
  acceptSort,
  changeInterval,
  reverseSort,
  sortNext,
  toggleFreeze,
  toggleMouse,
  togglePause,
  toggleSortMenu,
} from "./choose.ts";
import { COST_KEYS } from "./keys_cost.ts";
import { lookKeys } from "./keys_look.ts";
import { COLUMN_MENU_KEYS, DETAILS_KEYS, PANE_KEYS, TOOL_MENU_KEYS } from "./keys_panes.ts";
import { timeKeys } from "./keys_time.ts";
import { withReplayKeys } from "./keys_replay.ts";
import { focusNext, focusPane, moveBy, movePages, stepBack } from "./move.ts";
import { type KeyMap, rebind } from "./rebind.ts";
import { shiftBy } from "./sideways.ts";
import { type Action, type Context, focused, type Outcome, type Overlay, sortChoices } from "./ui.ts";

/** Keys that do one thing. */
export interface Binding {
  /** What a configuration calls it: words of the help in kebab-case, the same in every mode. */
  readonly name: string;
  /** Names as {@linkcode KeyEvent} has them. */
  readonly keys: readonly string[];
  /** The keys as the help shows them. */
  readonly shown: string;
  /** What they do: a sentence for the help. */
  readonly help: string;
  /** The key and one word for the footer; absent where the help is enough. */
  readonly footer?: { readonly key: string; readonly label: string };
  /** Where it works; absent: everywhere in its mode. */
  readonly when?: (context: Context) => boolean;
  readonly run: (context: Context, key: string) => Outcome;
}

const act = (action: Action) => ({ ui }: Context): Outcome => ({ ui, action });

const isSortable = (context: Context): boolean => {
  const target = focused(context);
  return target !== null && sortChoices(target.tool).length > 0;
};
const isTable = (context: Context): boolean => focused(context)?.tool.tool.view === "table";
const hasPane = (context: Context): boolean => focused(context) !== null;
const hasPanes = ({ ui }: Context): boolean => ui.panes.length > 1;
const canStepBack = (context: Context): boolean =>
  context.ui.zoom || Boolean(focused(context)?.pane.filter) || Boolean(context.model.pivot);

const quit: Binding = {
  name: "quit",
  keys: ["q", "Ctrl-C", "F10"],
  shown: "q  Ctrl-C  F10",
  help: "Quit. The terminal comes back first, then the probes are detached.",
  footer: { key: "q", label: "Quit" },
  run: act({ kind: "quit" }),
};

const terminalKeys: readonly Binding[] = [
  {
    name: "redraw",
    keys: ["Ctrl-L"],
    shown: "Ctrl-L",
    help: "Draw everything anew.",
    run: act({ kind: "redraw" }),
  },
  {
    name: "suspend",
    keys: ["Ctrl-Z"],
    shown: "Ctrl-Z",
    help: "Suspend; fg comes back.",
    run: act({ kind: "suspend" }),
  },
];

const movement: readonly Binding[] = [
  {
    name: "up",
    keys: ["Up", "k"],
    shown: "↑  k",
    help: "One row up.",
    run: (context) => moveBy(context, -1),
  },
  {
    name: "down",
    keys: ["Down", "j"],
    shown: "↓  j",
    help: "One row down.",
    run: (context) => moveBy(context, 1),
  },
  {
    name: "page-up",
    keys: ["PgUp"],
    shown: "PgUp",
    help: "One page up.",
    run: (context) => movePages(context, -1),
  },
  {
    name: "page-down",
    keys: ["PgDn"],
    shown: "PgDn",
    help: "One page down.",
    run: (context) => movePages(context, 1),
  },
  {
    name: "half-page-up",
    keys: ["Ctrl-U"],
    shown: "Ctrl-U",
    help: "Half a page up.",
    run: (context) => movePages(context, -0.5),
  },
  {
    name: "half-page-down",
    keys: ["Ctrl-D"],
    shown: "Ctrl-D",
    help: "Half a page down.",
    run: (context) => movePages(context, 0.5),
  },
  {
    name: "first",
    keys: ["Home", "g"],
    shown: "Home  g",
    help: "First row.",
    run: (context) => moveBy(context, -1e9),
  },
  {
    name: "last",
    keys: ["End", "G"],
    shown: "End  G",
    help: "Last row.",
    run: (context) => moveBy(context, 1e9),
  },
];

/** Keys of the panes. */
export const MAIN: readonly Binding[] = [
  {
    name: "help",
    keys: ["?", "h", "F1"],
    shown: "?  h  F1",
    help: "This help.",
    footer: { key: "?", label: "Help" },
    run: ({ ui }) => ({ ui: { ...ui, overlay: { kind: "help", top: 0 } } }),
  },
  {
    name: "back",
    keys: ["Esc"],
    shown: "Esc",
    help: "Close what is open, else clear the filter, else widen to all processes, else leave the zoom.",
    footer: { key: "Esc", label: "Back" },
    when: canStepBack,
    run: stepBack,
  },
  {
    name: "next-pane",
    keys: ["Tab"],
    shown: "Tab",
    help: "Focus the next pane.",
    footer: { key: "Tab", label: "Next" },
    when: hasPanes,
    run: (context) => focusNext(context, 1),
  },
  {
    name: "previous-pane",
    keys: ["Shift-Tab"],
    shown: "Shift-Tab",
    help: "Focus the pane before.",
    when: hasPanes,
    run: (context) => focusNext(context, -1),
  },
  {
    name: "pane",
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    shown: "1 … 9",
    help: "Focus the pane with this number.",
    when: hasPanes,
    run: (context, key) => focusPane(context, Number(key) - 1),
  },
  {
    name: "zoom",
    keys: ["Enter", "z"],
    shown: "Enter  z",
    help: "Zoom the focused pane, and back.",
    footer: { key: "z", label: "Zoom" },
    when: hasPanes,
    run: ({ ui }) => ({ ui: { ...ui, zoom: !ui.zoom } }),
  },
  {
    name: "filter",
    keys: ["/", "\\", "F4"],
    shown: "/  \\  F4",
    help: "Filter the focused pane as you type: text, /pattern/, column>value; a leading ! turns it round.",
    footer: { key: "/", label: "Filter" },
    when: hasPane,
    run: ({ ui }) => ({ ui: { ...ui, overlay: { kind: "filter" } } }),
  },
  {
    name: "sort",
    keys: ["s", "F6"],
    shown: "s  F6",
    help: "Choose the column to sort by.",
    footer: { key: "s", label: "Sort" },
    when: isSortable,
    run: toggleSortMenu,
  },
  {
    name: "sort-next",
    keys: ["<", ">"],
    shown: "<  >",
    help: "Sort by the column to the left, or to the right.",
    when: isSortable,
    run: (context, key) => sortNext(context, key === "<" ? -1 : 1),
  },
  {
    name: "reverse",
    keys: ["r", "I"],
    shown: "r  I",
    help: "Reverse the order.",
    when: isSortable,
    run: reverseSort,
  },
  ...PANE_KEYS,
  {
    name: "freeze",
    keys: ["f"],
    shown: "f",
    help: "Freeze the order of the rows while their values change, and back.",
    footer: { key: "f", label: "Freeze" },
    when: isTable,
    run: toggleFreeze,
  },
  {
    name: "pause",
    keys: [" "],
    shown: "Space",
    help:
      "Pause the screen, and go on. Sampling goes on meanwhile; sorting, scrolling and filtering still work.",
    footer: { key: "Space", label: "Pause" },
    run: togglePause,
  },
  ...timeKeys,
  {
    name: "longer-interval",
    keys: ["+", "="],
    shown: "+",
    help: "Longer interval: steps of 0.1 s below 1 s, of 1 s above.",
    footer: { key: "+/-", label: "Interval" },
    run: (context) => changeInterval(context, 1),
  },
  {
    name: "shorter-interval",
    keys: ["-"],
    shown: "-",
    help: "Shorter interval.",
    run: (context) => changeInterval(context, -1),
  },
  {
    name: "all-types",
    keys: ["a"],
    shown: "a",
    help: "All types of files, not only regular ones, and back.",
    footer: { key: "a", label: "All types" },
    when: ({ canToggleAll }) => canToggleAll,
    run: act({ kind: "toggleAll" }),
  },
  {
    name: "clear",
    keys: ["x"],
    shown: "x",
    help: "Clear counters, events and history.",
    footer: { key: "x", label: "Clear" },
    run: act({ kind: "clear" }),
  },
  ...COST_KEYS,
  ...movement,
  {
    name: "sideways",
    keys: ["Left", "Right"],
    shown: "←  →",
    help: "Move to columns there is no room for, and through text that is longer than its column.",
    when: isSortable,
    run: (context, key) => shiftBy(context, key === "Left" ? -8 : 8),
  },
  {
    name: "mouse",
    keys: ["m"],
    shown: "m",
    help:
      "Mouse on and off: a click focuses, selects and sorts by a title, the wheel scrolls. Off, text can be selected.",
    run: toggleMouse,
  },
  ...lookKeys,
  ...terminalKeys,
  quit,
];

const REPLAY = withReplayKeys(MAIN);

/** Movement, as the footer of a menu shows it. */
const menuMovement = (label: string): readonly Binding[] =>
  movement.map((binding, i) => i === 0 ? { ...binding, footer: { key: "↑ ↓", label } } : binding);

const HELP: readonly Binding[] = [
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

const SORT: readonly Binding[] = [
  {
    name: "accept",
    keys: ["Enter", " "],
    shown: "Enter",
    help: "Sort by this column.",
    footer: { key: "Enter", label: "Sort by" },
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
  ...movement,
  ...terminalKeys,
  quit,
];

const TOOLS: readonly Binding[] = [...TOOL_MENU_KEYS, ...movement, ...terminalKeys, quit];
const COLUMNS: readonly Binding[] = [...COLUMN_MENU_KEYS, ...movement, ...terminalKeys, quit];
const DETAILS: readonly Binding[] = [...DETAILS_KEYS, ...menuMovement("Scroll"), ...terminalKeys, quit];

const FILTER: readonly Binding[] = [
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

/** Every mode's bindings: the panes first. */
export const MODES: Readonly<Record<"main" | "replay" | Overlay["kind"], readonly Binding[]>> = {
  main: MAIN,
  replay: REPLAY,
  help: HELP,
  sort: SORT,
  filter: FILTER,
  tools: TOOLS,
  columns: COLUMNS,
  details: DETAILS,
};

/** Keys over the panes, by name of binding. */
const USUAL: KeyMap = new Map([...MAIN, ...REPLAY].map(({ name, keys }) => [name, keys]));

/** The keys that work now. */
export function bindingsFor(context: Context): readonly Binding[] {
  const mode = context.ui.overlay?.kind ?? (context.model.replay ? "replay" : "main");
  const { keys } = context.ui;
  const bindings = rebind(MODES[mode], { keys, usual: USUAL, typing: mode === "filter" });
  return bindings.filter(({ when }) => when?.(context) ?? true);
}

/** The keys of the panes that work for the focused one: what the help lists. */
export function paneBindings(context: Context): readonly Binding[] {
  return bindingsFor({ ...context, ui: { ...context.ui, overlay: null } });
}
