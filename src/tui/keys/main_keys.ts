/**
 * Keys over the panes, in the order of the help.
 *
 * @module
 */
import { type Arrangement, hiddenPaneCount } from "../layout/mod.ts";
import { resumed, sortChoices } from "../state/mod.ts";
import { ask, type Binding } from "./binding.ts";
import {
  changeInterval,
  reverseSort,
  sortNext,
  toggleFreeze,
  toggleMouse,
  togglePause,
  toggleSortMenu,
} from "./choose.ts";
import { movement, openHelp, quit, terminalKeys } from "./common_keys.ts";
import { isFlameZoomed, isWidest, moveBeside, showsFlame, unzoomFrames, zoomFrame } from "./flame.ts";
import { openFilter } from "./filter_prompt.ts";
import { foldOrShift, isGrouped } from "./group.ts";
import { focusNext, focusPane, moveBy, stepBack } from "./move.ts";
import { COST_KEYS, PANE_KEYS } from "./pane_keys.ts";
import { timeKeys } from "./time_keys.ts";

const isSortable = ({ focused }: Arrangement): boolean =>
  focused !== null && focused.flame === null && focused.tool.state.kind !== "unavailable" &&
  sortChoices(focused.tool).length > 0;
const isTable = ({ focused }: Arrangement): boolean =>
  focused?.tool.tool.view === "table" && focused.flame === null && focused.tree === null;
const hasHistograms = ({ focused }: Arrangement): boolean =>
  focused !== null && focused.tool.tool.view === "histogram" && focused.count > 1;
const hasPane = ({ focused }: Arrangement): boolean => focused !== null;
const hasPanes = ({ ui }: Arrangement): boolean => ui.panes.length > 1;
/** Name of the flag of tools that can count all file types. */
const ALL_TYPES = "all-types";

const hasAllTypes = ({ model }: Arrangement): boolean =>
  model.tools.some(({ tool }) => tool.flags.some(({ name }) => name === ALL_TYPES));
const canStepBack = (now: Arrangement): boolean =>
  (now.ui.zoom && hasPanes(now)) || Boolean(now.focused?.pane.filter) || isGrouped(now) ||
  Boolean(now.model.pivot) || now.ui.scopes.length > 0 || now.ui.paused !== null;

/** Switches the theme, writes the screen to a file, writes the configuration. */
const lookKeys: readonly Binding[] = [
  {
    name: "theme",
    keys: ["o"],
    shown: "o",
    help: "Next theme: dark, light, high-contrast, mono.",
    run: ({ ui }) => ({ ui, command: { kind: "nextTheme" } }),
  },
  {
    name: "write-screen",
    keys: ["w"],
    shown: "w",
    help:
      "Write the screen as text and as pictures (SVG, HTML), all rows of every pane as JSON, and the kept past as a recording, to files in the directory where ktop was started.",
    needs: "writeScreen",
    run: ({ ui }) => ({ ui, command: { kind: "writeScreen" } }),
  },
  {
    name: "write-configuration",
    keys: ["W"],
    shown: "W",
    help: "Write panes, interval, theme, sorting and filters to the configuration file.",
    needs: "writeConfiguration",
    run: ({ ui }) => ({ ui, command: { kind: "writeConfiguration" } }),
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
    run: openHelp,
  },
  {
    name: "back",
    keys: ["Esc"],
    shown: "Esc",
    help:
      "One step back: close what is open, or clear the filter, end the groups, show more processes again, leave the zoom, end the pause.",
    footer: { key: "Esc", label: "Back" },
    when: canStepBack,
    run: stepBack,
  },
  {
    name: "next-pane",
    keys: ["Tab"],
    shown: "Tab",
    help: "Focus the next pane.",
    footer: {
      key: "Tab",
      label: "Next",
      labelNow: (now) => {
        const count = hiddenPaneCount(now);
        return count === null ? null : `Next of ${count}`;
      },
    },
    when: hasPanes,
    run: (screen) => focusNext(screen, 1),
  },
  {
    name: "previous-pane",
    keys: ["Shift-Tab"],
    shown: "Shift-Tab",
    help: "Focus the previous pane.",
    when: hasPanes,
    run: (screen) => focusNext(screen, -1),
  },
  {
    name: "pane",
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    shown: "1 … 9",
    help: "Focus the pane with this number.",
    when: hasPanes,
    run: (screen, key) => focusPane(screen, Number(key) - 1),
  },
  {
    name: "zoom",
    keys: ["Enter", "z"],
    shown: "Enter  z",
    help: "Zoom the focused pane, or leave the zoom.",
    footer: { key: "z", label: "Zoom", labelNow: ({ ui }) => ui.zoom ? "Unzoom" : null },
    when: hasPanes,
    run: ({ ui }) => ({ ui: { ...ui, zoom: !ui.zoom } }),
  },
  {
    name: "filter",
    keys: ["/", "\\", "F4"],
    shown: "/  \\  F4",
    help:
      "Filter the focused pane as you type: text, /pattern/, column>value, column~text; a blank or && joins conditions, ! negates one.",
    footer: { key: "/", label: "Filter" },
    when: hasPane,
    run: openFilter,
  },
  {
    name: "sort",
    keys: ["s", "F6"],
    shown: "s  F6",
    help: "Choose the column to sort by, or the tool's default order.",
    footer: { key: "s", label: "Sort" },
    when: isSortable,
    run: toggleSortMenu,
  },
  {
    name: "sort-next",
    keys: ["<", ">"],
    shown: "<  >",
    help: "Sort by the column to the left, or to the right; left of the first is the default order.",
    when: isSortable,
    run: (screen, key) => sortNext(screen, key === "<" ? -1 : 1),
  },
  {
    name: "reverse",
    keys: ["r", "I"],
    shown: "r  I",
    help: "Reverse the sort order.",
    when: isSortable,
    run: reverseSort,
  },
  ...PANE_KEYS,
  {
    name: "freeze",
    keys: ["f"],
    shown: "f",
    help: "Keep the rows in their order while the values change, or sort them again.",
    footer: {
      key: "f",
      label: "Freeze",
      labelNow: ({ focused }) => focused?.pane.frozen ? "Unfreeze" : null,
    },
    when: isTable,
    run: toggleFreeze,
  },
  {
    name: "pause",
    keys: [" "],
    shown: "Space",
    help:
      "Pause or resume the screen. Sampling continues while paused; sorting, scrolling and filtering still work.",
    footer: { key: "Space", label: "Pause", labelNow: ({ ui }) => ui.paused ? "Resume" : null },
    run: togglePause,
  },
  ...timeKeys,
  {
    name: "longer-interval",
    keys: ["+", "="],
    shown: "+",
    help: "Longer interval: steps of 0.1 s below 1 s, of 1 s above.",
    footer: { key: "+/-", label: "Interval" },
    needs: "setInterval",
    run: (screen) => changeInterval(screen, 1),
  },
  {
    name: "shorter-interval",
    keys: ["-"],
    shown: "-",
    help: "Shorter interval.",
    needs: "setInterval",
    run: (screen) => changeInterval(screen, -1),
  },
  {
    name: "all-types",
    keys: ["a"],
    shown: "a",
    help: "Show all file types, or only regular files.",
    footer: { key: "a", label: "All types" },
    needs: "toggleAllTypes",
    when: hasAllTypes,
    run: ask({ kind: "toggleAllTypes" }),
  },
  {
    name: "clear",
    keys: ["x"],
    shown: "x",
    help: "Clear counters, events and history; also ends a pause.",
    footer: { key: "x", label: "Clear" },
    needs: "clear",
    run: ({ ui }) => ({
      ui: ui.paused
        ? resumed(ui, "the history is cleared")
        : { ...ui, message: { text: "Counters, events and history are cleared", kind: "info" } },
      command: { kind: "clear" },
    }),
  },
  ...COST_KEYS,
  ...movement,
  {
    name: "sideways",
    keys: ["Left", "Right"],
    shown: "←  →",
    help: "Scroll to columns that do not fit, and through text that is longer than its column.",
    when: isSortable,
    run: foldOrShift,
  },
  {
    name: "histogram",
    keys: ["Left", "Right"],
    shown: "←  →",
    help: "The previous or the next histogram, as ↑ and ↓.",
    footer: { key: "← →", label: "Histogram" },
    when: hasHistograms,
    run: (screen, key) => moveBy(screen, key === "Left" ? -1 : 1),
  },
  {
    name: "beside",
    keys: ["Left", "Right"],
    shown: "←  →",
    help:
      "The frame at the left or at the right in a flame graph; ↑ and ↓ select the outer and the widest inner one.",
    footer: { key: "← →", label: "Frame" },
    when: showsFlame,
    run: (screen, key) => moveBeside(screen, key === "Left" ? -1 : 1),
  },
  {
    name: "zoom-frame",
    keys: ["Enter"],
    shown: "Enter",
    help:
      "Make the selected frame of a flame graph as wide as the pane; press again for the frame around it.",
    footer: { key: "Enter", label: "Into", labelNow: (now) => isWidest(now) ? "Out" : null },
    when: showsFlame,
    run: zoomFrame,
  },
  {
    name: "whole-flame",
    keys: ["Esc"],
    shown: "Esc",
    help: "Show the whole flame graph again.",
    when: (now) => isFlameZoomed(now) && now.focused?.pane.filter === "",
    run: unzoomFrames,
  },
  {
    name: "mouse",
    keys: ["m"],
    shown: "m",
    help:
      "Mouse on or off. On: a click focuses, selects, and sorts by a column title; the wheel scrolls. Off: the terminal can select text.",
    run: toggleMouse,
  },
  ...lookKeys,
  ...terminalKeys,
  quit,
];
