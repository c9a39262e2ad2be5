/**
 * Options that have no effect. One rule for all commands: an option that cannot change what is measured, printed or shown, because of
 * the command or the other options, is wrong usage. Exceptions, which are accepted:
 *
 * - settings for every run, which people keep in aliases ({@linkcode EVERY_RUN});
 * - what the output has anyway: `-T` where each line has its time, a switch that shows a column beside `--json`, which has all;
 * - an option given twice: the last one counts, as in getopt(3), so that an alias can be overridden. Lists add up.
 *
 * @module
 */
import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { type Column, type Flag, type Grouping, type ToolInfo, typedFlag } from "../model/mod.ts";
import { type Tool, type ToolOptions, TOOLS } from "../tools/mod.ts";
import type { CommonOptions } from "./options.ts";

/** Keys of the options that every command accepts. */
const EVERY_RUN: readonly string[] = ["utc", "color", "ascii", "debug", "maxMemory"];

/** Keys of the options before a command's name that it obeys without having them itself. */
const ALSO_OBEYED: Readonly<Record<string, readonly string[]>> = {
  list: ["tier"],
  doctor: ["tier", "config"],
  record: ["panes"],
};

/** Whether it takes `-- CMD`. */
const followsCommands = (command: Command): boolean =>
  ["record", ...TOOLS.map(({ name }) => name)].includes(command.name());

/** Throws UsageError for an option before the command's name that the command does not have, and for a command that it does not follow. */
export function assertObeyed(program: Command, command: Command): void {
  const name = command.name();
  if (program.opts()["command"] !== undefined && !followsCommands(command)) {
    throw new UsageError(`-- CMD has no effect on ${name}.`);
  }
  const obeyed = [
    ...EVERY_RUN,
    ...ALSO_OBEYED[name] ?? [],
    ...command.options.map((option) => option.attributeName()),
  ];
  for (const option of program.options) {
    const key = option.attributeName();
    const isGiven = program.getOptionValueSource(key) === "cli" &&
      option.negate === (program.opts()[key] === false);
    if (isGiven && !obeyed.includes(key)) throw new UsageError(`${option.long} has no effect on ${name}.`);
  }
}

/** A run of a tool, and what it prints. */
export interface PrintedRun {
  readonly tool: Tool;
  readonly options: ToolOptions;
  readonly common: CommonOptions;
  readonly grouping: Grouping | null;
  /** The tool with the columns and the view of its options, or the groups. */
  readonly shown: ToolInfo;
  /** The columns that are printed. */
  readonly columns: readonly Column[];
}

const isSet = ({ flags }: ToolOptions, { name }: Flag): boolean =>
  flags[name] !== undefined && flags[name] !== false;

function noEffect(option: string, where: string, remedy = ""): UsageError {
  return new UsageError(`${option} has no effect on ${where}.`, { remedy });
}

/** Throws UsageError for an option that chooses or orders rows, or another format, beside the one that prints stacks. */
export function assertNoRowOptions(
  { tool, options, common }: Pick<PrintedRun, "tool" | "options" | "common">,
  where: string,
): void {
  const { json, csv, by, sort, fields, cgroupColumn } = common;
  const given = Object.entries({ json, csv, by, sort, fields, "cgroup-column": cgroupColumn }).find((
    [, value],
  ) => value !== undefined && value !== false);
  if (given) throw noEffect(`--${given[0]}`, where);
  const rows = tool.flags.find(({ name }) => name === "rows");
  if (rows && isSet(options, rows)) throw noEffect(typedFlag(rows), where);
}

/** Throws UsageError for options that order or choose what is not printed as rows. */
function assertRows({ tool, options, common, shown }: PrintedRun): void {
  const data = common.json || common.csv;
  const rows = tool.flags.find((flag) => flag.name === "rows" && isSet(options, flag));
  if (shown.view === "counters") {
    const own = tool.flags.find(({ name }) => name === "by");
    const remedy = own ? `--by ${own.choices?.join(" or ")} prints more.` : "";
    const given = common.sort !== undefined ? "--sort" : rows && typedFlag(rows);
    if (given) throw noEffect(given, `the one row of ${tool.name}`, remedy);
  }
  if (shown.view === "histogram" && !data) {
    const given = common.sort !== undefined
      ? "--sort"
      : common.fields
      ? "--fields"
      : common.cgroupColumn && "--cgroup-column";
    if (given) throw noEffect(given, "histograms", "--json and --csv print rows.");
  }
}

/** Keys of the columns that a switch shows and does nothing else; none if values are unknown without it. */
function columnsShownBy(tool: Tool, options: ToolOptions, { name }: Flag): string[] {
  if (tool.columns.some(({ needs }) => needs?.includes(name))) return [];
  const shown = (flags: ToolOptions["flags"]): string[] =>
    (tool.columnsFor?.({ ...options, flags }) ?? tool.columns).flatMap(({ key, shown = "always" }) =>
      shown === "always" ? [key] : []
    );
  const before = new Set(shown({ ...options.flags, [name]: false }));
  return shown(options.flags).filter((key) => !before.has(key));
}

/** Throws UsageError for a switch that shows columns none of which is printed. */
function assertShown({ tool, options, common, grouping, columns }: PrintedRun): void {
  const computed = grouping ? [...grouping.sums, ...grouping.maxima] : [];
  const printed = new Set([...columns.map(({ key }) => key), ...computed.map(({ from }) => from)]);
  const place = grouping ? `groups by ${grouping.by.key}` : "--fields";
  if (common.cgroupColumn && !printed.has("container")) {
    throw noEffect("--cgroup-column", `${place} without container`);
  }
  for (const flag of tool.flags) {
    if (flag.kind !== "switch" || !isSet(options, flag)) continue;
    const keys = columnsShownBy(tool, options, flag);
    if (keys.length === 0 || keys.some((key) => printed.has(key))) continue;
    throw noEffect(typedFlag(flag), `${place} without ${keys.join(" and ")}`);
  }
}

/** Throws UsageError for an option that has no effect on the rows of a tool in text, JSON or CSV. */
export function assertEffects(run: PrintedRun): void {
  const { tool, options, common } = run;
  const format = common.json ? "json" : common.csv ? "csv" : "text";
  for (const flag of tool.flags) {
    if (flag.formats && isSet(options, flag) && !flag.formats.includes(format)) {
      throw noEffect(typedFlag(flag), format === "text" ? "text" : `--${format}`);
    }
  }
  assertRows(run);
  assertShown(run);
}
