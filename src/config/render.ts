/**
 * The effective configuration as TOML, each value with its origin as a comment.
 *
 * @module
 */
import { escapeText, shownValue } from "../text/mod.ts";
import { defaultKeys, keyName } from "./keys.ts";
import { STYLES } from "./parse.ts";
import type { GeneralSettings, Origin, Setting, Settings, ToolSettings } from "./settings.ts";

/** A TOML value of a type that settings have. */
export type TomlValue = string | number | boolean | readonly string[];

/** A string in TOML syntax; invisible characters, which JSON keeps, are written as `\uXXXX` too. */
function tomlString(text: string): string {
  let out = "";
  for (const char of JSON.stringify(text)) {
    const visible = char === "\\" || escapeText(char) === char;
    out += visible ? char : `\\U${char.codePointAt(0)!.toString(16).padStart(8, "0")}`;
  }
  return out;
}

/** A value in TOML syntax. */
export function tomlValue(value: TomlValue): string {
  if (typeof value === "string") return tomlString(value);
  if (typeof value === "object") return `[${value.map(tomlValue).join(", ")}]`;
  return String(value);
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case "default":
      return "default";
    case "file":
      return `${shownValue(origin.path)}:${origin.line}`;
    case "command line":
      return `command line: ${origin.option}`;
    case "environment":
      return `environment: ${origin.name}`;
  }
}

/** Column where comments start, in lines that are short enough. */
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

/** What is rendered. */
export interface RenderInput {
  readonly settings: Settings;
  /** First line: which file was read, or why none was. */
  readonly about: string;
  /** The setting that turns colours off in every theme; absent: none does. */
  readonly noColor?: Origin;
}

/** All settings as a TOML document; read as a configuration file, it yields the same settings. */
export function renderSettings({ settings, about, noColor }: RenderInput): string {
  const { general, colors, keys, screens, tools } = settings;
  const shown: { readonly [K in keyof GeneralSettings]: Setting<GeneralSettings[K]> } = noColor
    ? { ...general, theme: { value: "mono", origin: noColor } }
    : general;
  const bindings = [...defaultKeys()].map(([name, byDefault]) =>
    keys.get(name) ?? { value: byDefault, origin: { kind: "default" as const } }
  );
  const names = [...defaultKeys().keys()];
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
    ...(screens.size === 0
      ? []
      : ["", "[screens]", ...[...screens].map(([name, tools]) => line(name, tools))]),
    ...[...tools].flatMap(([name, tool]) => toolLines(name, tool)),
    "",
  ].join("\n");
}
