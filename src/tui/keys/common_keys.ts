/**
 * Keys that work over the panes and in every menu: moving, redrawing, suspending, quitting.
 *
 * @module
 */
import type { Context, Outcome } from "../state/mod.ts";
import { ask, type Binding } from "./binding.ts";
import { moveBy, movePages } from "./move.ts";

/** Ends the program. */
export const quit: Binding = {
  name: "quit",
  keys: ["q", "Ctrl-C", "F10"],
  shown: "q  Ctrl-C  F10",
  help: "Quit. The terminal is restored first, then the BPF programs are detached.",
  footer: { key: "q", label: "Quit" },
  run: ask({ kind: "quit" }),
};

/** Opens the help: of the keys over the panes, or of what is open. */
export const openHelp = ({ ui }: Context): Outcome => ({
  ui: { ...ui, overlay: { kind: "help", top: 0, ...(ui.overlay ? { over: ui.overlay } : {}) } },
});

/** Opens the help of a menu, a prompt or the details. */
export const helpOver: Binding = {
  name: "help",
  keys: ["?", "F1"],
  shown: "?  F1",
  help: "This help.",
  footer: { key: "?", label: "Help" },
  run: openHelp,
};

/** The terminal's own keys. */
export const terminalKeys: readonly Binding[] = [
  {
    name: "redraw",
    keys: ["Ctrl-L"],
    shown: "Ctrl-L",
    help: "Redraw the whole screen.",
    run: ask({ kind: "redraw" }),
  },
  {
    name: "suspend",
    keys: ["Ctrl-Z"],
    shown: "Ctrl-Z",
    help: "Suspend; the shell's fg resumes.",
    run: ask({ kind: "suspend" }),
  },
];

/** Moving through rows, entries and text. */
export const movement: readonly Binding[] = [
  {
    name: "up",
    keys: ["Up", "k"],
    shown: "↑  k",
    help: "One row up.",
    run: (screen) => moveBy(screen, -1),
  },
  {
    name: "down",
    keys: ["Down", "j"],
    shown: "↓  j",
    help: "One row down.",
    run: (screen) => moveBy(screen, 1),
  },
  {
    name: "page-up",
    keys: ["PgUp"],
    shown: "PgUp",
    help: "One page up.",
    run: (screen) => movePages(screen, -1),
  },
  {
    name: "page-down",
    keys: ["PgDn"],
    shown: "PgDn",
    help: "One page down.",
    run: (screen) => movePages(screen, 1),
  },
  {
    name: "half-page-up",
    keys: ["Ctrl-U"],
    shown: "Ctrl-U",
    help: "Half a page up.",
    run: (screen) => movePages(screen, -0.5),
  },
  {
    name: "half-page-down",
    keys: ["Ctrl-D"],
    shown: "Ctrl-D",
    help: "Half a page down.",
    run: (screen) => movePages(screen, 0.5),
  },
  {
    name: "first",
    keys: ["Home", "g"],
    shown: "Home  g",
    help: "First row, or the newest event; the selection then stays there.",
    run: (screen) => moveBy(screen, -1e9),
  },
  {
    name: "last",
    keys: ["End", "G"],
    shown: "End  G",
    help: "Last row.",
    run: (screen) => moveBy(screen, 1e9),
  },
];

/** Movement, as the footer of a menu shows it. */
export const menuMovement = (label: string): readonly Binding[] =>
  movement.map((binding, i) => i === 0 ? { ...binding, footer: { key: "↑ ↓", label } } : binding);
