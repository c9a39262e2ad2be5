/**
 * The options that all commands share, and the parsers for their values.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { setMessageListener } from "../bpf/mod.ts";
import { UsageError } from "../errors.ts";
import {
  type Flag,
  flagsOf,
  type FlagValue,
  type IdFilter,
  MAX_PANES,
  MAX_PID,
  negation,
  toolListProblem,
} from "../model/mod.ts";
import { INTERVAL_RANGE, MAX_MEMORY } from "../monitor/mod.ts";
import { nearest, shownValue } from "../text/mod.ts";
import { type Filters, PANE_SETS, type Tool, type ToolOptions } from "../tools/mod.ts";
import { writeError } from "./standard_streams.ts";

const TIERS = ["fentry", "kprobe", "tracepoint"] as const;

/** The arguments before and after the first `--`; no command: there is none. Throws UsageError for a `--` without a command. */
export function splitCommand(args: readonly string[]): { options: string[]; command?: string[] } {
  const at = args.indexOf("--");
  if (at < 0) return { options: [...args] };
  const command = args.slice(at + 1);
  if (command.length === 0) throw new UsageError("-- needs a command: ktop TOOL -- CMD, ktop -- CMD.");
  return { options: args.slice(0, at), command };
}

/** The shared options as passed; undefined if not passed. Options before and after a tool's name are merged. */
export interface CommonOptions {
  readonly interval?: number;
  readonly count?: number;
  readonly duration?: number;
  readonly pid?: IdFilter;
  readonly ppid?: IdFilter;
  readonly user?: string;
  readonly container?: readonly string[];
  readonly unit?: readonly string[];
  readonly pod?: readonly string[];
  readonly cgroup?: readonly string[];
  readonly comm?: string;
  readonly self?: boolean;
  readonly tier?: typeof TIERS[number];
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly csvExact?: boolean;
  readonly fields?: readonly string[];
  readonly sort?: string;
  readonly cgroupColumn?: boolean;
  readonly by?: string;
  readonly panes?: readonly string[];
  /** Name of a set of panes. */
  readonly screen?: string;
  readonly batch?: boolean;
  readonly color?: boolean;
  readonly ascii?: boolean;
  readonly utc?: boolean;
  readonly debug?: boolean;
  readonly cost?: boolean;
  /** Path of a flame graph. */
  readonly flame?: string;
  /** MiB. */
  readonly maxMemory?: number;
  /** The words after `--`: a command to start and to follow. */
  readonly command?: readonly string[];
}

/** Parses an interval in seconds. Throws InvalidArgumentError. */
export function parseInterval(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds >= INTERVAL_RANGE.min && seconds <= INTERVAL_RANGE.max)) {
    throw new InvalidArgumentError(`An interval is ${INTERVAL_RANGE.min} to ${INTERVAL_RANGE.max} seconds.`);
  }
  return seconds;
}

/** Parses a whole number. Throws InvalidArgumentError outside the bounds. */
export function parseInteger(text: string, bounds: { min: number; max?: number }): number {
  const { min, max = Number.MAX_SAFE_INTEGER } = bounds;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  }
  return value;
}

/** Parses `--max-memory`. Throws InvalidArgumentError. */
export const parseMaxMemory = (text: string): number => parseInteger(text, MAX_MEMORY);
const parseCount = (text: string): number => parseInteger(text, { min: 1 });
/** Parses a process id, or with a leading `!` all others. Throws InvalidArgumentError. */
export function parseId(text: string): IdFilter {
  const { negated, value } = negation(text);
  const id = parseInteger(value, { min: 1, max: MAX_PID });
  return negated ? `!${id}` : id;
}
/** Splits a list at its commas. */
const splitList = (text: string): string[] =>
  text.split(",").map((word) => word.trim()).filter((word) => word !== "");
/** The words of an option that is a list; given twice, the words of both. */
const parseList = (text: string, before: readonly string[] = []): string[] => [...before, ...splitList(text)];

/** The values of an option that can be given more than once. */
const parseValues = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** Makes the parser for an option that takes a list of at most `max` tools. The parser throws UsageError. */
export const parseTools =
  (option: string, max: number) => (text: string, before?: readonly string[]): string[] => {
    const names = parseList(text, before);
    const problem = toolListProblem(names, max);
    if (problem !== null) throw new UsageError(`${option} ${problem}`);
    return names;
  };

/** Adds `--panes` and `--screen`. */
export function panesOption(command: Command): void {
  const screen = new Option("--screen <NAME>", "a named set of panes, or one of the configuration");
  command
    .option(
      "--panes <LIST>",
      `tools to show, separated by commas, at most ${MAX_PANES}`,
      parseTools("--panes", MAX_PANES),
    )
    // The configuration adds names, so that they are checked when it has been read.
    .addOption(screen.choices(PANE_SETS.map(({ name }) => name)).argParser((text) => text));
}

function parseDuration(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds > 0 && Number.isFinite(seconds))) {
    throw new InvalidArgumentError("A duration is a positive number of seconds.");
  }
  return seconds;
}

/** A tool's own flag replaces the shared option of this name. */
export const hasOwnBy = ({ flags }: Pick<Tool, "flags">): boolean => flags.some(({ name }) => name === "by");

/** Adds the options of what is measured, and for how long. */
export function addMeasuringOptions(command: Command, letters: NonNullable<Tool["letters"]> = {}): void {
  const duration = letters.duration ? `-${letters.duration}, --duration` : "--duration";
  const ppid = letters.ppid ? `-${letters.ppid}, --ppid` : "--ppid";
  command
    .option("-i, --interval <SEC>", "seconds between samples, 0.1 to 3600 (default 1)", parseInterval)
    .option("--count <N>", "exit after N intervals", parseCount)
    .option(`${duration} <SEC>`, "exit after this many seconds", parseDuration)
    .option("-p, --pid <PID>", "only this process; !PID: all others", parseId)
    .option(`${ppid} <PID>`, "only children of this process; !PID: all others", parseId)
    .option("--user <USER>", "only processes of this user (id or name); !USER: all others")
    .option(
      "--container <NAME|ID>",
      "only tasks in this container; repeatable; !NAME: all others",
      parseValues,
    )
    .option("--unit <UNIT>", "only tasks in this systemd unit; repeatable; !UNIT: all others", parseValues)
    .option(
      "--pod <POD>",
      "only tasks in this pod, [NAMESPACE/]NAME; repeatable; !POD: all others",
      parseValues,
    )
    .option(
      "--cgroup <PATH>",
      "only tasks in this cgroup v2 directory or below; repeatable; !PATH: all others",
      parseValues,
    )
    .option("--comm <NAME>", "only threads with this name; !NAME: all others")
    .option("--self", "also report ktop's own activity")
    .addOption(new Option("--tier <TIER>", "use this tier or fail").choices(TIERS));
}

/** Adds the options of every command that runs until it is ended. */
export function addRunOptions(command: Command): void {
  command
    .option(
      "--max-memory <MB>",
      `drop the oldest data and events above this (default ${MAX_MEMORY.default})`,
      parseMaxMemory,
    )
    .option("--utc", "times of day in UTC instead of local time")
    .option("--no-color", "no colours (like NO_COLOR)")
    .option("--ascii", "ASCII characters only")
    .option("--debug", "print messages of libbpf and the verifier");
}

/**
 * Adds the options of every command that prints or records what it samples.
 *
 * @param tool Its own letters and flags replace some of them.
 */
export function addCommonOptions(command: Command, tool?: Pick<Tool, "letters" | "flags">): void {
  addMeasuringOptions(command, tool?.letters);
  command
    .option("--json", "one line with a JSON object per tool and interval")
    .option("--csv", "comma-separated values")
    .option("--csv-exact", "with --csv: no ' before text that spreadsheets run as a formula")
    .option("--fields <LIST>", "only these columns, in this order", parseList)
    .option("--sort <COLUMN>", "sort by this column");
  if (!tool || !hasOwnBy(tool)) {
    command.option("--by <COLUMN>", "group the rows by this column: counts, sums, maxima");
  }
  addRunOptions(command);
}

/** Merges the options before and after the tool's name; those after it win. */
export function mergeOptions(before: CommonOptions, after: CommonOptions): CommonOptions {
  const given = Object.entries(after).filter(([key, value]) =>
    value !== undefined && !(key === "color" && value === true)
  );
  return { ...before, ...Object.fromEntries(given) };
}

/** Throws UsageError for formats that exclude each other, and for an option of a format that is not chosen. */
export function assertFormat({ json, csv, csvExact }: CommonOptions): void {
  if (csvExact && !csv) throw new UsageError("--csv-exact needs --csv.");
  if (json && csv) throw new UsageError("--json and --csv exclude each other.");
}

/** With --debug, prints libbpf's messages to standard error. Not for the screen, which they would overwrite. */
export function printDebugMessages(options: CommonOptions): void {
  if (options.debug) setMessageListener((message) => writeError(`${message.trimEnd()}\n`));
}

/** The filters that the BPF programs apply. */
export function filtersOf(options: CommonOptions): Filters {
  const { pid, ppid, user, comm, container, unit, pod, cgroup, self = false } = options;
  return { pid, ppid, user, comm, container, unit, pod, cgroup, self };
}

/** The options of a tool whose flags have their defaults. */
export function defaultToolOptions(tool: Tool, options: CommonOptions): ToolOptions {
  const flags: Record<string, FlagValue> = {};
  for (const { name, default: value } of flagsOf(tool)) if (value !== undefined) flags[name] = value;
  return { filters: filtersOf(options), flags, tier: options.tier };
}

/** The parser for the argument of a tool's flag. */
export function parseFlag(flag: Flag): (text: string) => FlagValue {
  return (text) => flag.kind === "integer" ? parseInteger(text, { min: flag.min ?? 0, max: flag.max }) : text;
}

/** Finds tools by name. Throws UsageError that names the nearest. */
export function findTools(names: readonly string[], tools: readonly Tool[]): Tool[] {
  return names.map((name) => {
    const found = tools.find((tool) => tool.name === name);
    if (found) return found;
    throw unknownWord("tool", name, tools.map((tool) => tool.name));
  });
}

/** The error for an unknown word, with the nearest known one. */
export function unknownWord(what: string, word: string, known: readonly string[]): UsageError {
  const hint = nearest(word, known);
  return new UsageError(`Unknown ${what} "${shownValue(word)}".`, {
    remedy: hint ? `Did you mean ${hint}?` : `Known: ${known.join(", ")}.`,
  });
}
