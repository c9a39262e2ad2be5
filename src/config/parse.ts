/**
 * Parses and checks the text of a configuration file.
 *
 * @module
 */
import { parse, TomlError } from "smol-toml";
import { UsageError } from "../errors.ts";
import { INTERVAL_RANGE, MAX_MEMORY } from "../monitor/mod.ts";
import { hasPattern, MAX_PANES, MAX_SET_PANES, toolListProblem } from "../model/mod.ts";
import { loadPatterns, shownValue } from "../text/mod.ts";
import type { Tool } from "../tools/mod.ts";
import { KEY_NAMES, needsPatterns, Style, type StyleName, THEME_NAMES } from "../tui/mod.ts";
import { Checker, isTable, type Path, type Table } from "./checker.ts";
import { changedKeys, defaultKeys, findConflict, keyName, parseKey } from "./keys.ts";
import { LOOK_WORDS, LookError, parseLook } from "./looks.ts";
import { parseTool } from "./parse_tool.ts";
import type { ConfigurationFile } from "./read.ts";
import type { FileSettings, LookSetting, Setting, ToolSettings } from "./settings.ts";
import { findPositions } from "./toml_positions.ts";

/** Styles whose look can be configured: ordinary text always has the terminal's. */
export const STYLES = (Object.keys(Style) as StyleName[]).filter((name) => name !== "text");

/** Names at the top of the file. */
const TOP = [
  "panes",
  "interval",
  "max-memory",
  "theme",
  "ascii",
  "mouse",
  "colors",
  "keys",
  "screens",
  "tools",
] as const;

function parseToml({ path, text }: ConfigurationFile): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const what = error.message.split("\n")[0]!.replace("Invalid TOML document: ", "").replace(/\.+$/, "");
    throw new UsageError(`${shownValue(path)}:${error.line}: ${shownValue(what)}.`, {
      remedy: "The file is TOML, https://toml.io.",
    });
  }
}

/** A list of tools: at least one, at most `max`, each once. */
function parsePanes(
  checker: Checker,
  path: Path,
  value: unknown,
  { tools, max }: { tools: readonly Tool[]; max: number },
): readonly string[] {
  const name = path.join(".");
  const known = tools.map(({ name }) => name);
  const names = checker.texts(path, value);
  if (names.length === 0) throw checker.error(path, `${name} needs at least one tool.`);
  const problem = toolListProblem(names, max);
  if (problem !== null) throw checker.error(path, `${name} ${problem}`);
  for (const word of names) if (!known.includes(word)) throw checker.unknown(path, "tool", { word, known });
  return names;
}

function parseGeneral(checker: Checker, table: Table, tools: readonly Tool[]): FileSettings["general"] {
  const take = <T>(name: string, read: (path: Path, value: unknown) => T): Setting<T> | undefined =>
    table[name] === undefined ? undefined : checker.setting([name], read([name], table[name]));
  const { min, max } = INTERVAL_RANGE;
  const general = {
    panes: take("panes", (path, value) => parsePanes(checker, path, value, { tools, max: MAX_PANES })),
    interval: take("interval", (path, value) => checker.number(path, value, { min, max, whole: false })),
    "max-memory": take(
      "max-memory",
      (path, value) => checker.number(path, value, { ...MAX_MEMORY, whole: true }),
    ),
    theme: take("theme", (path, value) => checker.word(path, value, { what: "theme", known: THEME_NAMES })),
    ascii: take("ascii", (path, value) => checker.boolean(path, value)),
    mouse: take("mouse", (path, value) => checker.boolean(path, value)),
  };
  return Object.fromEntries(Object.entries(general).filter(([, setting]) => setting !== undefined));
}

function parseColors(checker: Checker, value: unknown): Map<StyleName, Setting<LookSetting>> {
  const out = new Map<StyleName, Setting<LookSetting>>();
  for (const [name, written] of Object.entries(checker.table(["colors"], value))) {
    const path = ["colors", name];
    const style = checker.word(path, name, { what: "style", known: STYLES });
    const text = typeof written === "number" ? String(written) : checker.text(path, written);
    try {
      out.set(style, checker.setting(path, { text, look: parseLook(text) }));
    } catch (error) {
      if (!(error instanceof LookError)) throw error;
      if (error.word !== null && /^[a-z-]{3,}$/i.test(error.word)) {
        throw checker.unknown(path, "colour", { word: error.word, known: LOOK_WORDS });
      }
      const example = '"#6cb6ff", 75, "bright-cyan" or "bold white on #1f4468"';
      throw checker.error(path, `"${shownValue(text)}" is not a colour. Colours are: ${example}.`);
    }
  }
  return out;
}

function parseKeys(checker: Checker, value: unknown): Map<string, Setting<readonly string[]>> {
  const known = [...defaultKeys().keys()];
  const out = new Map<string, Setting<readonly string[]>>();
  for (const [name, written] of Object.entries(checker.table(["keys"], value))) {
    const path = ["keys", name];
    checker.word(path, name, { what: "binding", known });
    const keys = checker.texts(path, written).map((word) => {
      const key = parseKey(word);
      if (key !== null) return key;
      throw checker.unknown(path, "key", { word, known: KEY_NAMES });
    });
    if (keys.length === 0) throw checker.error(path, `${name} needs at least one key.`);
    out.set(name, checker.setting(path, keys));
  }
  const conflict = findConflict(
    changedKeys(new Map([...out].map(([name, { value: keys }]) => [name, keys]))),
  );
  if (conflict === null) return out;
  const { key, name, other } = conflict;
  throw checker.error(["keys", name], `"${keyName(key)}" is bound to both ${name} and ${other}.`);
}

/** Names of sets of panes: words that need no quotes in a shell. */
const SET_NAME = /^[a-z][a-z0-9-]{0,19}$/;

function parseScreens(
  checker: Checker,
  value: unknown,
  tools: readonly Tool[],
): Map<string, Setting<readonly string[]>> {
  return new Map(
    Object.entries(checker.table(["screens"], value)).map(([name, list]) => {
      const path = ["screens", name];
      if (!SET_NAME.test(name)) {
        throw checker.error(
          path,
          `"${shownValue(name)}" cannot name a screen: use up to 20 of a to z, 0 to 9 and -, a letter first.`,
        );
      }
      return [name, checker.setting(path, parsePanes(checker, path, list, { tools, max: MAX_SET_PANES }))];
    }),
  );
}

function parseTools(checker: Checker, value: unknown, tools: readonly Tool[]): Map<string, ToolSettings> {
  const known = tools.map(({ name }) => name);
  return new Map(
    Object.entries(checker.table(["tools"], value)).map(([name, table]) => {
      const tool = tools.find((candidate) => candidate.name === name);
      if (!tool) throw checker.unknown(["tools", name], "tool", { word: name, known });
      return [name, parseTool(checker, tool, table)];
    }),
  );
}

const at = (value: unknown, key: string): unknown => isTable(value) ? value[key] : undefined;

/** Whether a flag or a filter of the tool, both still unchecked, is a pattern. */
function usesPatterns(table: Table, { name, flags }: Tool): boolean {
  const settings = at(table["tools"], name);
  const filter = at(settings, "filter");
  const given = at(settings, "flags");
  return (typeof filter === "string" && needsPatterns(filter)) ||
    (isTable(given) && hasPattern(flags, given));
}

/**
 * Checks a configuration.
 *
 * @param tools Every known tool.
 * @returns Only what the file sets. Rejects with UsageError for the first mistake, with its line.
 */
export async function parseConfiguration(
  file: ConfigurationFile,
  tools: readonly Tool[],
): Promise<FileSettings> {
  const table = parseToml(file);
  if (tools.some((tool) => usesPatterns(table, tool))) await loadPatterns();
  const checker = new Checker(file.path, findPositions(file.text));
  for (const name of Object.keys(table)) checker.word([name], name, { what: "setting", known: TOP });
  return {
    general: parseGeneral(checker, table, tools),
    colors: table["colors"] === undefined ? new Map() : parseColors(checker, table["colors"]),
    keys: table["keys"] === undefined ? new Map() : parseKeys(checker, table["keys"]),
    screens: table["screens"] === undefined ? new Map() : parseScreens(checker, table["screens"], tools),
    tools: table["tools"] === undefined ? new Map() : parseTools(checker, table["tools"], tools),
  };
}
