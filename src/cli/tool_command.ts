/**
 * `ktop TOOL [INTERVAL [COUNT]]`: runs one tool and prints text, NDJSON or CSV.
 *
 * @module
 */
import { Command, Option } from "commander";
import { detachAfterExit, releaseUnusedMemory } from "../bpf/mod.ts";
import { UsageError } from "../errors.ts";
import {
  type Column,
  findColumn,
  type Flag,
  type FlagValue,
  type Grouping,
  groupingNamed,
  hasPattern,
  textColumns,
  type ToolInfo,
  typedFlag,
  unknownReason,
} from "../model/mod.ts";
import { limitsOf, MAX_MEMORY, pollDeadline, Poller, Runner } from "../monitor/mod.ts";
import {
  csvFormat,
  flameFormat,
  type Format,
  groupedFormat,
  linesFormat,
  ndjsonFormat,
  type StandardOutput,
  textFormat,
} from "../output/mod.ts";
import { loadPatterns, wrap } from "../text/mod.ts";
import { hasWho, withColumnsFor, withWho } from "../tools/mod.ts";
import type { Tool, ToolOptions } from "../tools/mod.ts";
import { startCostReport } from "./cost_report.ts";
import { endedTargetReporter } from "./ended_targets.ts";
import { assertEffects, assertNoRowOptions } from "./effects.ts";
import {
  addCommonOptions,
  assertFormat,
  type CommonOptions,
  defaultToolOptions,
  hasOwnBy,
  mergeOptions,
  parseFlag,
  parseInteger,
  parseInterval,
  printDebugMessages,
} from "./options.ts";
import { type FollowedCommand, followOnly, withCommand } from "./followed_command.ts";
import { NewFile } from "./new_file.ts";
import { warn, withProgress } from "./notices.ts";
import { keep, keptByOutput } from "./privileges.ts";
import { Session } from "./session.ts";
import { writeError } from "./standard_streams.ts";

interface ToolRun {
  readonly tool: Tool;
  readonly options: ToolOptions;
  readonly common: CommonOptions;
}

function flagOption(flag: Flag): Option {
  const names = `${flag.letter ? `-${flag.letter}, ` : ""}--${flag.name}`;
  const option = new Option(flag.argument ? `${names} <${flag.argument}>` : names, flag.description);
  if (flag.choices) option.choices(flag.choices);
  else if (flag.list) {
    option.argParser((text, before?: string) => before === undefined ? text : `${before},${text}`);
  } else if (flag.argument) option.argParser(parseFlag(flag));
  return option;
}

/** Commander's key for an option: `allTypes` for `all-types`. */
function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function toolOptions(tool: Tool, common: CommonOptions, given: Record<string, unknown>): ToolOptions {
  const defaults = defaultToolOptions(tool, common);
  const flags: Record<string, FlagValue> = { ...defaults.flags };
  for (const { name, required } of tool.flags) {
    const value = given[camelCase(name)];
    if (value !== undefined) flags[name] = value as FlagValue;
    else if (required !== undefined) {
      throw new UsageError(`${tool.name} needs ${name}.`, { remedy: required });
    }
  }
  return { ...defaults, flags };
}

/** The shared options, with those given through the tool's own letters. Throws UsageError for a contradiction. */
function sharedOptions(tool: Tool, common: CommonOptions, given: Record<string, unknown>): CommonOptions {
  const flags = tool.flags.filter(({ name, sameAs }) => sameAs !== undefined && given[camelCase(name)]);
  return flags.reduce((options: CommonOptions, flag) => {
    const { sameAs } = flag;
    if (typeof sameAs !== "object") return { ...options, [sameAs!]: true };
    const { by = sameAs.by } = options;
    const isSame = groupingNamed(tool, by).by.key === groupingNamed(tool, sameAs.by).by.key;
    if (isSame) return { ...options, ...sameAs };
    throw new UsageError(`${typedFlag(flag)} is the same as --by ${sameAs.by} and excludes --by ${by}.`);
  }, common);
}

/** Throws UsageError for a column to sort or group by whose values are unknown with these options. */
function assertKnown(tool: ToolInfo, column: Column | undefined, { flags }: ToolOptions): void {
  const reason = column === undefined ? null : unknownReason(tool, column, flags);
  if (reason !== null) throw new UsageError(`${column!.key} is unknown ${reason}.`);
}

/** The columns of `--fields`. Throws UsageError for unknown and repeated ones. */
function chosenColumns(tool: ToolInfo, names: readonly string[]): Column[] {
  if (names.length === 0) throw new UsageError("--fields needs at least one column.");
  const columns = names.map((name) => findColumn(tool, name));
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice) throw new UsageError(`--fields names ${twice.key} twice.`);
  return columns;
}

/** The tool as it is printed: its rows, or the groups that `--by` makes of them. */
function printedTool({ tool, options, common }: ToolRun): { grouping: Grouping | null; shown: ToolInfo } {
  const own = withColumnsFor(tool, options);
  const resolved = common.cgroupColumn ? withWho(own) : own;
  if (common.by === undefined) return { grouping: null, shown: resolved };
  const grouping = groupingNamed(resolved, common.by);
  return { grouping, shown: grouping.tool };
}

/** The format of --flame. Throws UsageError for options that it cannot obey. */
function chooseFlame(run: ToolRun): Format {
  const { tool, options } = run;
  const where = "--flame, which writes one picture";
  assertNoRowOptions(run, where);
  if (options.flags.folded === true) throw new UsageError(`--folded has no effect on ${where}.`);
  return flameFormat(withColumnsFor(tool, options), Deno.hostname(), warn);
}

/** Chooses the output format. Throws UsageError for unknown columns. */
function chooseFormat(run: ToolRun): Format {
  const { tool, options, common } = run;
  assertFormat(common);
  if (common.flame !== undefined) return chooseFlame(run);
  if (tool.printsLines?.(options)) {
    assertNoRowOptions(
      run,
      `${typedFlag(tool.flags.find(({ name }) => name === "folded")!)}, which prints stacks`,
    );
    return linesFormat(warn);
  }
  const { grouping, shown } = printedTool(run);
  assertKnown(tool, grouping?.by, options);
  const data = common.json || common.csv;
  // Data has every column of the tool, also those that its options hide.
  const all = grouping ? shown : tool;
  const columns = common.fields
    ? chosenColumns(all, common.fields)
    : data
    ? all.columns
    : textColumns(shown, false);
  const rows = options.flags.rows as number | undefined;
  const sort = common.sort === undefined ? undefined : findColumn(all, common.sort);
  const asked = [
    sort,
    ...common.fields && !grouping ? columns : [],
    common.cgroupColumn ? findColumn(tool, "container") : undefined,
  ];
  for (const column of asked) assertKnown(tool, column, options);
  assertEffects({ ...run, grouping, shown, columns });
  const shared = { columns, sort, ...(grouping ? { by: grouping.by.key } : {}) };
  const grouped = (format: Format): Format => grouping ? groupedFormat(format, grouping) : format;
  if (common.json) return grouped(ndjsonFormat({ ...shared, rows }));
  if (common.csv) return grouped(csvFormat({ ...shared, rows, exactText: common.csvExact }));
  return grouped(textFormat({
    ...shared,
    rows: rows ?? tool.textRows,
    tool: shown,
    histograms: options.flags.histogram === true,
    timestamp: options.flags.timestamp === true,
  }));
}

/** Writes the tick of an interval. Writing 100,000 rows takes long, so the ring buffers are read between pieces. */
async function writeTick(
  runner: Runner,
  { format, output, streamed }: { format: Format; output: StandardOutput; streamed: boolean },
): Promise<void> {
  if (!format.pieces) return output.write(format.tick(runner.tick()));
  const tick = streamed ? runner.tickStreamed() : runner.tick();
  for (const piece of format.pieces(tick)) {
    await output.write(piece);
    runner.poll(pollDeadline());
  }
}

/** What a run prints, and how it is measured. */
interface OpenRun extends ToolRun {
  readonly format: Format;
  readonly session: Session;
  readonly picture: NewFile | null;
}

/** Runs one tool until it ends. */
async function runTool(run: ToolRun): Promise<void> {
  const { common } = run;
  const format = chooseFormat(run);
  printDebugMessages(common);
  const picture = common.flame === undefined ? null : new NewFile(common.flame, "--flame");
  const session = new Session({
    intervalS: common.interval ?? 1,
    count: common.count ?? (picture && common.interval !== undefined ? 1 : undefined),
    durationS: common.duration,
  });
  try {
    await withCommand(
      common.command,
      session,
      (command) => measure({ ...run, format, session, picture }, command),
    );
  } finally {
    session.close();
    picture?.close();
  }
}

/** Attaches the tool, starts the command if there is one, and prints until the session ends. */
async function measure(run: OpenRun, command: FollowedCommand | undefined): Promise<void> {
  const { tool, common, format, session, picture } = run;
  const options = followOnly(run.options, command);
  const output = session.output();
  const reportEnds = endedTargetReporter({
    process: options.filters.pid,
    thread: options.flags.tid as number | undefined,
  });
  let runner: Runner | undefined;
  const poller = new Poller(() => runner?.poll(pollDeadline()) ?? "empty");
  // Sorting and grouping need all rows at once.
  const streamed = common.sort === undefined && common.by === undefined;
  const limits = limitsOf({ maxMemory: common.maxMemory ?? MAX_MEMORY.default, streamed }, 1);
  try {
    const attached = session.beforeEnd(Runner.open(tool, options, limits));
    const open = runner = await withProgress(`attaching ${tool.name}`, attached);
    if (open === undefined) return;
    releaseUnusedMemory();
    for (const missing of open.missing) warn(`${tool.name} runs without ${missing}`);
    await output.write(format.begin(open.tier));
    const costReport = common.cost ? startCostReport(open) : null;
    poller.start();
    await command?.start();
    await keep(keptByOutput([tool]));
    await session.run(async (isLast) => {
      if (isLast) open.finish();
      await writeTick(open, { format, output, streamed });
      reportEnds();
    });
    if (picture) await picture.write(format.end(), output);
    else await output.write(format.end());
    if (costReport) writeError(`${costReport().trimEnd()}\n`);
  } finally {
    poller.stop();
    if (!command?.isRunning) detachAfterExit();
    runner?.close();
  }
}

/** The end of a tool's help: examples, columns, and what each tier misses. */
function helpTail({ examples = [], columns, caveats }: Tool): string {
  const shown = examples.flatMap((
    { question, command, look },
  ) => [question, `  ${command}`, ...wrap(look, 74).map((line) => `    ${line}`), ""]);
  const names = wrap(columns.map(({ key }) => key).join(", "), 76).map((line) => `  ${line}`);
  const limits = Object.entries(caveats).flatMap((
    [tier, text],
  ) => ["", `Tier ${tier}:`, ...wrap(text, 76).map((line) => `  ${line}`)]);
  return ["", ...shown, "Columns (--fields, --sort, --by, JSON):", ...names, ...limits].join("\n");
}

/** The command of a tool. */
export function toolCommand(tool: Tool, programOptions: () => CommonOptions): Command {
  const command = new Command(tool.name).description(tool.summary);
  const positional = tool.positional;
  if (positional) {
    command.argument(`[${positional.argument}]`, positional.description, parseFlag(positional));
  }
  command.argument("[INTERVAL]", "seconds between samples", parseInterval);
  command.argument("[COUNT]", "exit after this many intervals", (text) => parseInteger(text, { min: 1 }));
  addCommonOptions(command, tool);
  command.option("--cost", "print the cost of the BPF programs to standard error at the end");
  if (tool.flame) {
    command.option("--flame <FILE>", "write a flame graph (SVG) at the end; - is standard output");
  }
  if (hasWho(tool)) {
    command.option("--cgroup-column", "show the container, unit or user of each process, else its cgroup");
  }
  for (const flag of tool.flags) command.addOption(flagOption(flag));
  command.usage(`${command.usage()} [-- CMD ARG...]`);
  command.addHelpText("after", () => helpTail(tool));
  command.action(async () => {
    const given = command.opts() as Record<string, unknown>;
    const words = [...command.processedArgs] as (number | undefined)[];
    const threshold = positional ? words.shift() : undefined;
    const [interval, count] = words;
    const shared = hasOwnBy(tool) ? { ...given, by: undefined } : given;
    const merged = mergeOptions(programOptions(), shared as CommonOptions);
    const common = sharedOptions(tool, mergeOptions(merged, { interval, count }), given);
    const options = toolOptions(tool, common, given);
    if (hasPattern(tool.flags, options.flags)) await loadPatterns();
    const flags = threshold === undefined
      ? options.flags
      : { ...options.flags, [positional!.name]: threshold };
    await runTool({ tool, options: { ...options, flags }, common });
  });
  return command;
}
