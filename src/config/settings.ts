/**
 * What can be configured, each value with where it came from.
 *
 * @module
 */
import type { FlagValue } from "../model/mod.ts";
import type { Look, StyleName, ThemeName } from "../tui/canvas/mod.ts";

/** Where a value came from. */
export type Origin =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly path: string; readonly line: number }
  | { readonly kind: "command line"; readonly option: string }
  | { readonly kind: "environment"; readonly name: string };

/** A value and where it came from. */
export interface Setting<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** A look as it was written, and what it means. */
export interface LookSetting {
  readonly text: string;
  readonly look: Look;
}

/** Choices for one tool. Columns by their keys, flags by their names. */
export interface ToolSettings {
  readonly sort?: Setting<string>;
  readonly reverse?: Setting<boolean>;
  /** Columns that are shown, and others that are not, whatever the tool says. */
  readonly shown?: Setting<readonly string[]>;
  readonly hidden?: Setting<readonly string[]>;
  readonly filter?: Setting<string>;
  readonly flags: ReadonlyMap<string, Setting<FlagValue>>;
}

/** Settings without a table. */
export interface General {
  /** Tools of the screen, by name. */
  readonly panes: readonly string[];
  /** Seconds. */
  readonly interval: number;
  readonly theme: ThemeName;
  readonly ascii: boolean;
  readonly mouse: boolean;
}

/** Settings of named things. */
export interface Tables {
  readonly colors: ReadonlyMap<StyleName, Setting<LookSetting>>;
  /** Keys by name of binding. */
  readonly keys: ReadonlyMap<string, Setting<readonly string[]>>;
  /** By name of tool. */
  readonly tools: ReadonlyMap<string, ToolSettings>;
}

/** What a file says. */
export interface FileSettings extends Tables {
  readonly general: { readonly [K in keyof General]?: Setting<General[K]> };
}

/** All settings, each from whoever had the last word. */
export interface Settings extends Tables {
  readonly general: { readonly [K in keyof General]: Setting<General[K]> };
}

/** Choices for a tool of which nothing is said. */
export const NO_TOOL_SETTINGS: ToolSettings = { flags: new Map() };
