/**
 * Settings as TOML, with where each came from.
 *
 * @module
 */
import { escapeText } from "../text/mod.ts";
import { keyName, usualKeys } from "./keys.ts";
import { STYLES } from "./parse.ts";
import type { General, Origin, Setting, Settings, ToolSettings } from "./settings.ts";

/** What TOML holds of what is configured. */
export type TomlValue = string | number | boolean | readonly string[];

/** A value as TOML writes it. */
export function tomlValue(value: TomlValue): string {
  if (typeof value === "string") return JSON.stringify(value).replaceAll("\x7f", "\\u007f");
  if (typeof value === "object") return `[${value.map(tomlValue).join(", ")}]`;
  return String(value);
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case "default":
      return "default";
    case "file":
      return `${escapeText(origin.path)}:${origin.line}`;
    case "command line":
      return `command line: ${origin.option}`;
    case "environment":
      return `environment: ${origin.name}`;
  }
}

/** Lines with their comments below each other, as far as lines are short enough. */
const COMMENT_COLUMN = 48;

function line(name: string, { value, origin }: Setting<TomlValue>): string {
  return `${`${name} = ${tomlValue(value)}`.padEnd(COMMENT_COLUMN)} # ${originText(origin)}`;
}

function toolLines(name: string, settings: ToolSettings): string[] {
  const { flags, ...own } = settings;
  const table = `tools.${name}`;
  const lines = Object.entries(own).map(([key, setting]) => line(key, setting as Setting<TomlValue>));
  const flagLines = [...flags].map(([key, setting]) => line(key, setting));
  return [
    ...(lines.length > 0 ? ["", `[${table}]`, ...lines] : []),
    ...(flagLines.length > 0 ? ["", `[${table}.flags]`, ...flagLines] : []),
  ];
}

/** What else decides, beside the settings. */
export interface RenderInput {
  readonly settings: Settings;
  /** First line: which file was read, or why none. */
  readonly about: string;
  /** Present: nothing is shown in colour, because of this. */
  readonly noColor?: Origin;
}

/** All settings as a TOML document that, written to the file, would mean the same. */
export function renderSettings({ settings, about, noColor }: RenderInput): string {
  const { general, colors, keys, tools } = settings;
  const shown: { readonly [K in keyof General]: Setting<General[K]> } = noColor
    ? { ...general, theme: { value: "mono", origin: noColor } }
    : general;
  const bindings = [...usualKeys()].map(([name, usual]) =>
    keys.get(name) ?? { value: usual, origin: { kind: "default" as const } }
  );
  const names = [...usualKeys().keys()];
  return [
    `# ${about}`,
    ...Object.entries(shown).map(([name, setting]) => line(name, setting)),
    "",
    `# Styles: ${STYLES.join(", ")}`,
    "[colors]",
    ...[...colors].map(([name, { value, origin }]) => line(name, { value: value.text, origin })),
    "",
    "[keys]",
    ...bindings.map(({ value, origin }, i) =>
      line(names[i] as string, { value: value.map(keyName), origin })
    ),
    ...[...tools].flatMap(([name, tool]) => toolLines(name, tool)),
    "",
  ].join("\n");
}
