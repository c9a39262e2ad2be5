/**
 * Flags of tools that a command for several tools takes: `--set TOOL.FLAG=VALUE`.
 *
 * @module
 */
import type { Setting, Settings } from "../config/mod.ts";
import { UsageError } from "../errors.ts";
import { type Flag, flagsOf, type FlagValue } from "../model/mod.ts";
import { shownValue } from "../text/mod.ts";
import { type Tool, TOOLS } from "../tools/mod.ts";
import { findTools, parseFlag, unknownWord } from "./options.ts";

/** The flags of each tool that were set. */
export type SetFlags = Settings["tools"];

const SWITCH: Readonly<Record<string, boolean>> = { true: true, false: false };

function flagValue(flag: Flag, name: string, text: string | undefined): FlagValue {
  if (flag.kind === "switch") {
    const value = SWITCH[text ?? "true"];
    if (value !== undefined) return value;
    throw new UsageError(`--set ${name} is a switch: true or false.`);
  }
  if (text === undefined || text === "") throw new UsageError(`--set ${name} needs a value: ${name}=VALUE.`);
  if (flag.kind === "choice" && !flag.choices!.includes(text)) {
    throw unknownWord(`value of ${name}`, text, flag.choices!);
  }
  return parseFlag(flag)(text);
}

/** The flags of a tool that change what it measures. */
const measuringFlags = (tool: Tool): readonly Flag[] =>
  flagsOf(tool).filter(({ sameAs }) => sameAs === undefined);

/** Adds one `TOOL.FLAG=VALUE` to those before. Throws UsageError. */
export function parseSetting(text: string, before: SetFlags = new Map()): SetFlags {
  const [name = "", value] = text.split(/=(.*)/s);
  const [toolName = "", flagName = ""] = name.split(/\.(.*)/s);
  const [tool] = findTools([toolName], TOOLS);
  const flags = measuringFlags(tool!);
  const flag = flags.find((one) => one.name === flagName);
  if (!flag) throw unknownWord(`flag of ${toolName}`, flagName, flags.map((one) => one.name));
  if (flag.printOnly) throw new UsageError(`--set ${shownValue(name)} changes only how rows are printed.`);
  const set: Setting<FlagValue> = {
    value: flagValue(flag, name, value),
    origin: { kind: "command line", option: "--set" },
  };
  return new Map([...before, [toolName, {
    flags: new Map([...before.get(toolName)?.flags ?? [], [flagName, set]]),
  }]]);
}

/** Throws UsageError for flags of tools that are not among `names`. @param what is done with those: "recorded" */
export function assertUsed(set: SetFlags, names: readonly string[], what: string): void {
  const unused = [...set.keys()].find((name) => !names.includes(name));
  if (unused !== undefined) throw new UsageError(`--set names ${unused}, which is not ${what}.`);
}
