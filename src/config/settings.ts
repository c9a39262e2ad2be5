/**
 * The settings, each value with its origin.
 *
 * @module
 */
import type { FlagValue } from "../model/mod.ts";
import type { StyleName, StyleSpec, ThemeName } from "../tui/mod.ts";

/** The origin of a value. */
export type Origin =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly path: string; readonly line: number }
  | { readonly kind: "command line"; readonly option: string }
  | { readonly kind: "environment"; readonly name: string };

/** A value and its origin. */
export interface Setting<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** A look: its text in the file, and its parsed form. */
export interface LookSetting {
  readonly text: string;
  readonly look: StyleSpec;
}

/** Settings of one tool. Columns by key, flags by name. */
export interface ToolSettings {
  readonly sort?: Setting<string>;
  readonly reverse?: Setting<boolean>;
  /** Columns shown, and columns hidden: these override the tool's default. */
  readonly shown?: Setting<readonly string[]>;
  readonly hidden?: Setting<readonly string[]>;
  readonly filter?: Setting<string>;
  /** Column that rows are grouped by. */
  readonly by?: Setting<string>;
  readonly flags: ReadonlyMap<string, Setting<FlagValue>>;
}

/** Settings at the top of the file. */
export interface GeneralSettings {
  /** Tools on the screen, by name. */
  readonly panes: readonly string[];
  /** Seconds. */
  readonly interval: number;
  /** MiB. */
  readonly "max-memory": number;
  readonly theme: ThemeName;
  readonly ascii: boolean;
  readonly mouse: boolean;
}

/** Settings in the tables of the file. */
export interface TableSettings {
  readonly colors: ReadonlyMap<StyleName, Setting<LookSetting>>;
  /** Keys by name of binding. */
  readonly keys: ReadonlyMap<string, Setting<readonly string[]>>;
  /** The user's own sets of panes, by name: names of tools. */
  readonly screens: ReadonlyMap<string, Setting<readonly string[]>>;
  /** By name of tool. */
  readonly tools: ReadonlyMap<string, ToolSettings>;
}

/** What a file sets. */
export interface FileSettings extends TableSettings {
  readonly general: { readonly [K in keyof GeneralSettings]?: Setting<GeneralSettings[K]> };
}

/** The effective configuration: every setting, from the origin with the highest precedence. */
export interface Settings extends TableSettings {
  readonly general: { readonly [K in keyof GeneralSettings]: Setting<GeneralSettings[K]> };
}

/** A tool without settings. */
export const NO_TOOL_SETTINGS: ToolSettings = { flags: new Map() };
