/**
 * Parses and checks the settings of one tool: `[tools.NAME]`.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { type Column, findColumn, type Flag, flagsOf, type FlagValue, groupingNamed } from "../model/mod.ts";
import { shownValue } from "../text/mod.ts";
import type { Tool, ToolOptions } from "../tools/mod.ts";
import { parseToolFilter } from "../tui/mod.ts";
import type { Checker, Path } from "./checker.ts";
import type { Setting, ToolSettings } from "./settings.ts";

const KNOWN = ["sort", "reverse", "shown", "hidden", "filter", "by", "flags"] as const;

/** Longest filter, characters, as on the screen. */
const MAX_FILTER = 255;

/** The key of a column that `find` returns by its name. */
function parseColumn(checker: Checker, path: Path, find: () => Column): string {
  try {
    return find().key;
  } catch (error) {
    if (error instanceof UsageError) throw checker.error(path, error.message, error.remedy);
    throw error;
  }
}

function parseFlag(checker: Checker, flag: Flag, { path, value }: { path: Path; value: unknown }): FlagValue {
  switch (flag.kind) {
    case "switch":
      return checker.boolean(path, value);
    case "integer":
      return checker.number(path, value, { min: flag.min ?? 0, max: flag.max ?? Infinity, whole: true });
    case "choice":
      return checker.word(path, value, { what: `value of ${flag.name}`, known: flag.choices ?? [] });
    case "text":
    case "pattern":
      return checker.text(path, value);
  }
}

function parseFlags(checker: Checker, tool: Tool, value: unknown): Map<string, Setting<FlagValue>> {
  const top = ["tools", tool.name, "flags"];
  const flags = flagsOf(tool).filter(({ sameAs }) => sameAs === undefined);
  const out = new Map<string, Setting<FlagValue>>();
  for (const [name, written] of Object.entries(checker.table(top, value))) {
    const path = [...top, name];
    const flag = flags.find((candidate) => candidate.name === name);
    if (!flag) {
      throw checker.unknown(path, `flag of ${tool.name}`, {
        word: name,
        known: flags.map((known) => known.name),
      });
    }
    out.set(name, checker.setting(path, parseFlag(checker, flag, { path, value: written })));
  }
  checkTogether(checker, tool, out);
  return out;
}

/** Has the tool check the flags in combination. */
function checkTogether(
  checker: Checker,
  tool: Tool,
  flags: ReadonlyMap<string, Setting<FlagValue>>,
): void {
  const defaults = flagsOf(tool).flatMap(({ name, default: value }) =>
    value === undefined ? [] : [[name, value]]
  );
  const chosen = [...flags].map(([name, { value }]) => [name, value]);
  const options: ToolOptions = {
    filters: { self: false },
    flags: Object.fromEntries([...defaults, ...chosen]),
  };
  const { printsLines } = tool;
  if (printsLines?.(options)) {
    const name = [...flags.keys()].find((each) =>
      !printsLines({ ...options, flags: { ...options.flags, [each]: false } })
    )!;
    const problem = `${name} prints lines instead of rows: a pane cannot show them.`;
    throw checker.error(["tools", tool.name, "flags", name], problem, `Run: ktop ${tool.name} --${name}.`);
  }
  try {
    tool.configure(options);
  } catch (error) {
    if (!(error instanceof UsageError)) return; // depends on this machine: reported when the tool is opened
    throw checker.error(["tools", tool.name, "flags"], error.message, error.remedy);
  }
}

/** Parses and checks the settings of a tool. Throws UsageError. */
export function parseTool(checker: Checker, tool: Tool, value: unknown): ToolSettings {
  const top = ["tools", tool.name];
  const table = checker.table(top, value);
  for (const name of Object.keys(table)) {
    checker.word([...top, name], name, { what: `setting of ${tool.name}`, known: KNOWN });
  }
  const take = <T>(
    name: typeof KNOWN[number],
    read: (path: Path, value: unknown) => T,
  ): Setting<T> | undefined => {
    const path = [...top, name];
    return table[name] === undefined ? undefined : checker.setting(path, read(path, table[name]));
  };
  const column = (path: Path, word: string): string =>
    parseColumn(checker, path, () => findColumn(tool, word));
  const groupColumn = (path: Path, written: unknown): string => {
    const word = checker.text(path, written);
    return parseColumn(checker, path, () => groupingNamed(tool, word).by);
  };
  const columns = (path: Path, written: unknown): readonly string[] =>
    checker.texts(path, written).map((word) => column(path, word));
  const filter = (path: Path, written: unknown): string => {
    const text = checker.text(path, written);
    if (text.length > MAX_FILTER) throw checker.error(path, `A filter has at most ${MAX_FILTER} characters.`);
    const { problem } = parseToolFilter(text, tool);
    if (problem !== null) throw checker.error(path, `filter "${shownValue(text)}": ${problem}.`);
    return text;
  };
  const settings = {
    sort: take("sort", (path, written) => column(path, checker.text(path, written))),
    reverse: take("reverse", (path, written) => checker.boolean(path, written)),
    shown: take("shown", columns),
    hidden: take("hidden", columns),
    filter: take("filter", filter),
    by: take("by", groupColumn),
  };
  const given = Object.fromEntries(Object.entries(settings).filter(([, setting]) => setting !== undefined));
  return {
    ...given,
    flags: table["flags"] === undefined ? new Map() : parseFlags(checker, tool, table["flags"]),
  };
}
