/**
 * What a key, a click, a menu or a flag can request besides a change of the state.
 *
 * @module
 */
import type { MonitorCommand } from "../../model/mod.ts";

/** A request that the screen itself carries out. */
export type ScreenCommand =
  | { readonly kind: "quit" }
  | { readonly kind: "suspend" }
  /** Draws everything again. */
  | { readonly kind: "redraw" }
  | { readonly kind: "nextTheme" }
  /** Turns mouse reports on or off. */
  | { readonly kind: "setMouse"; readonly on: boolean }
  /** Writes the screen, and the rows of every pane, to files. */
  | { readonly kind: "writeScreen" }
  | { readonly kind: "writeConfiguration" };

/** A request to the screen or to the monitor behind it. */
export type Command = MonitorCommand | ScreenCommand;

/** The commands that can be carried out here: bindings of others are not offered. */
export type Capabilities = ReadonlySet<Command["kind"]>;

/** The commands of a screen that writes no files. */
export const SCREEN_COMMANDS: readonly ScreenCommand["kind"][] = [
  "quit",
  "suspend",
  "redraw",
  "nextTheme",
  "setMouse",
];
