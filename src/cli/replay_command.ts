/**
 * `ktop replay FILE` and `ktop replay DIR/`: shows a recording on the screen, or prints it. Needs neither privileges nor libbpf.
 *
 * @module
 */
import { Command } from "commander";
import type { Settings } from "../config/mod.ts";
import { KtopError, UsageError } from "../errors.ts";
import {
  type Grouping,
  groupingNamed,
  groupingsNamed,
  type Model,
  type ToolInfo,
  type ToolModel,
} from "../model/mod.ts";
import { MAX_MEMORY } from "../monitor/mod.ts";
import { batchText, comparisonText, csvFormat, groupedFormat, ndjsonLines } from "../output/mod.ts";
import { initialModel, nextModel, type Recording, Replay } from "../recording/mod.ts";
import { MOMENT_EXAMPLES, useZone, zoneOf } from "../text/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { assertFormat, type CommonOptions, mergeOptions, parseMaxMemory, unknownWord } from "./options.ts";
import { warn } from "./notices.ts";
import { findRecording } from "./replayed.ts";
import { compare } from "./replay_comparison.ts";
import {
  RANGE_EXAMPLES,
  rangeOf,
  type ReplayTimes,
  type ReplayTimesOptions,
  startTime,
} from "./replay_times.ts";
import { screenWriter } from "./screen_files.ts";
import { reduceReplay } from "./privileges.ts";
import { screenSystem } from "./screen_system.ts";
import { standardOutput } from "./standard_streams.ts";
import {
  type ConfigurationOptions,
  configurationOptions,
  screenEnvironment,
  settingsFor,
} from "./configuration_options.ts";

interface ReplayCommandOptions extends ConfigurationOptions, ReplayTimes {
  readonly demo?: boolean;
  /** Two ranges, as typed. */
  readonly compare?: readonly string[];
}

function recordedTool(recording: Recording, name: string): ToolInfo {
  const tools = recordedTools(recording);
  const found = tools.find((tool) => tool.name === name);
  if (!found) throw unknownWord("tool in this recording", name, tools.map((tool) => tool.name));
  return found;
}

/** Formats a tick for printing. */
type Printer = (model: Model) => string;

/** How `--by` groups the rows of tools, by name of tool. */
function groupingsOf(tools: readonly ToolInfo[], by: string | undefined): ReadonlyMap<string, Grouping> {
  return by === undefined ? new Map() : groupingsNamed(tools, by);
}

const recordedTools = ({ header }: Recording): ToolInfo[] => header.tools.map(({ tool }) => tool);

/** The tool that is named, or all that were recorded. */
const toolsOf = (recording: Recording, name: string | undefined): ToolInfo[] =>
  name === undefined ? recordedTools(recording) : [recordedTool(recording, name)];

const shownTools = ({ tools }: Model, only: readonly ToolInfo[]): ToolModel[] =>
  tools.filter(({ tool }) => only.some(({ name }) => name === tool.name));

/** The tool that is named, or the only one that was recorded. Throws UsageError. */
function onlyTool(recording: Recording, name: string | undefined, option: string): ToolInfo {
  const tools = recordedTools(recording);
  if (name !== undefined) return recordedTool(recording, name);
  if (tools.length === 1) return tools[0]!;
  throw new UsageError(`${option} needs a TOOL, because each tool has its own columns.`, {
    remedy: `Recorded: ${tools.map(({ name }) => name).join(", ")}.`,
  });
}

function csvPrinter(
  recording: Recording,
  name: string | undefined,
  { csvExact: exactText, by }: ReplayCommandOptions,
): Printer {
  const tool = onlyTool(recording, name, "--csv");
  const grouping = by === undefined ? null : groupingNamed(tool, by);
  const plain = csvFormat({
    columns: (grouping?.tool ?? tool).columns,
    exactText,
    recorded: grouping === null,
  });
  const format = grouping ? groupedFormat(plain, grouping) : plain;
  let begun = false;
  return (model) => {
    const tick = model.tools.find((one) => one.tool.name === tool.name)?.tick;
    const begin = begun ? "" : format.begin("");
    begun = true;
    return begin + (tick ? format.tick(tick) : "");
  };
}

function printer(
  recording: Recording,
  name: string | undefined,
  options: ReplayCommandOptions,
): Printer {
  if (options.csv) return csvPrinter(recording, name, options);
  const only = toolsOf(recording, name);
  const groupings = groupingsOf(only, options.by);
  const format = (model: Model): string =>
    options.json ? ndjsonLines(model, { groupings }) : batchText(model, groupings);
  return (model) => format({ ...model, tools: shownTools(model, only) });
}

/**
 * Prints every tick, without waiting between them; of a named tool those that it has. Throws UsageError if there are ticks, but
 * none of that tool.
 */
async function printAll(recording: Recording, print: Printer, name: string | undefined): Promise<void> {
  const output = standardOutput();
  const start = initialModel(recording.header);
  let [ticks, printed] = [0, 0];
  for await (const { tick } of recording.ticks()) {
    ticks++;
    if (name !== undefined && !tick.toolTicks.has(name)) continue;
    printed++;
    await output.write(print(nextModel(start, recording.header, tick)));
    if (output.closed) return;
  }
  if (name !== undefined && ticks > 0 && printed === 0) throw notRecorded(recording, name);
}

/** Why a recording has no tick of a tool that its header names. */
function notRecorded({ header }: Recording, name: string): UsageError {
  const state = header.tools.find(({ tool }) => tool.name === name)?.state;
  return state?.kind === "unavailable"
    ? new UsageError(`${name} was not recorded: ${state.reason}`)
    : new UsageError(`No tick of ${name} is recorded here.`);
}

/** Prints two ranges of a recording side by side. */
async function printComparison(
  recording: Recording,
  name: string | undefined,
  { options, times }: { readonly options: ReplayCommandOptions; readonly times: ReplayTimesOptions },
): Promise<void> {
  const tool = onlyTool(recording, name, "--compare");
  const { by, compare: ranges = [], json, csv, csvExact: exactText } = options;
  const comparison = await compare(recording, { tool, by, ranges, times });
  await standardOutput().write(comparisonText(comparison, { json, csv, exactText }));
}

/** The source of keys while standard input is the recording. */
function openKeyboard(fromStdin: boolean): Deno.FsFile | undefined {
  if (!fromStdin) return undefined;
  try {
    return Deno.openSync("/dev/tty", { read: true, write: true });
  } catch (error) {
    throw new KtopError("There is no terminal to read keys from, because standard input is the recording.", {
      cause: error,
      remedy: "-b prints the panes as text, --json the samples.",
    });
  }
}

/** What the screen of a replay takes from outside the recording. */
interface ScreenInput {
  readonly settings: Settings;
  readonly keyboard: Deno.FsFile | undefined;
  readonly times: ReplayTimesOptions;
}

async function showScreen(
  recording: Recording,
  { settings, keyboard, times }: ScreenInput,
  options: ReplayCommandOptions,
): Promise<void> {
  const [{ runApp, withGroupings }, { screenSetup }] = await Promise.all([
    import("../tui/mod.ts"),
    import("../config/mod.ts"),
  ]);
  const recorded = recordedTools(recording);
  const at = options.at === undefined ? undefined : await startTime(recording, options.at, times);
  const replay = new Replay(recording, {
    demo: options.demo ?? false,
    maxMemory: settings.general["max-memory"].value,
    ...(at === undefined ? {} : { at }),
  });
  await runApp(replay, {
    system: screenSystem(),
    noColor: options.color === false,
    ascii: settings.general.ascii.value,
    env: screenEnvironment(options),
    setup: withGroupings(
      { ...await screenSetup(settings), panes: [] },
      recorded.map(({ name }) => name),
      groupingsOf(recorded, options.by),
    ),
    files: { writeScreen: screenWriter(Deno.cwd()) },
    keyboard,
    onReady: () => replay.start(),
  });
  if (replay.failure !== null) throw replay.failure;
}

function wantsText(fromStdin: boolean, options: ReplayCommandOptions): boolean {
  return options.batch === true || !Deno.stdout.isTerminal() || Deno.env.get("TERM") === "dumb" ||
    !(fromStdin || Deno.stdin.isTerminal());
}

async function runReplay(
  words: readonly (string | undefined)[],
  options: ReplayCommandOptions,
): Promise<void> {
  assertFormat(options);
  const [path, tool] = options.demo ? [undefined, words[0]] : words;
  const compares = options.compare !== undefined;
  const isText = tool !== undefined || wantsText(path === "-", options);
  const prints = isText || options.json === true || options.csv === true || compares;
  if (compares && (options.from ?? options.to ?? options.at) !== undefined) {
    throw new UsageError("--compare names two ranges: --at, --from and --to have no effect.");
  }
  if (options.at !== undefined && prints) {
    throw new UsageError("--at starts the screen at a time: it has no effect on text, --json and --csv.");
  }
  const found = await findRecording(path, options);
  const fromStdin = path === "-";
  const screen = prints
    ? null
    : { settings: (await settingsFor(options)).settings, keyboard: openKeyboard(fromStdin) };
  await reduceReplay({
    recordings: found.paths,
    directories: screen === null ? [] : [Deno.cwd()],
  });
  const all = await found.open(TOOLS);
  const { zones } = all.header;
  if (!options.utc && zones.length > 0) useZone(zoneOf(zones));
  const times = { day: found.day };
  try {
    if (compares) return await printComparison(all, tool, { options, times });
    const recording = await rangeOf(all, options, times);
    if (screen === null) await printAll(recording, printer(recording, tool, options), tool);
    else await showScreen(recording, { ...screen, times }, options);
  } finally {
    for (const warning of all.warnings) warn(warning);
  }
}

/** The command `replay`. */
export function replayCommand(programOptions: () => CommonOptions): Command {
  const command = new Command("replay")
    .description("show a recording on the screen, to pause, step and jump in, or print it")
    .argument("[FILE]", "made by ktop record: a file or a directory; - for standard input")
    .argument("[TOOL]", "print only this tool: as text, or as --json, --csv or --compare say")
    .option("--demo", "show the built-in recording")
    .option("-b, --batch", "print every tick as plain text instead of showing the screen")
    .option("--json", "print every tick as --json printed it while recording")
    .option("--csv", "print every tick of one tool as comma-separated values")
    .option("--by <COLUMN>", "group the rows by this column: counts, sums, maxima")
    .option("--csv-exact", "with --csv: no ' before text that spreadsheets run as a formula")
    .option("--at <TIME>", `start at a time, paused: ${MOMENT_EXAMPLES}; -90m: before its end`)
    .option("--from <TIME>", "only what was recorded from a time on; as --at")
    .option("--to <TIME>", "only what was recorded up to a time; as --at")
    .option(
      "--compare <A B>",
      `sums and rates of a TOOL in two ranges side by side: ${RANGE_EXAMPLES}`,
      (range: string, before: readonly string[] = []) => [...before, range],
    )
    .option(
      "--max-memory <MB>",
      `keep fewer past ticks and rows on the screen above this (default ${MAX_MEMORY.default})`,
      parseMaxMemory,
    )
    .option("--utc", "times of day in UTC instead of the recorded machine's local time")
    .option("--no-color", "no colours (like NO_COLOR)")
    .option("--ascii", "ASCII characters only")
    .option("--debug", "print details of errors");
  configurationOptions(command);
  command.addHelpText(
    "after",
    `
Needs neither root nor BPF. Space pauses, [ and ] step, { and } jump a minute, 0 and $ go to the start and the end,
@ goes to a time, + and - change the speed; all other keys work as on the live screen.
Examples:
  ktop replay --demo                    what ktop looks like
  ktop replay night.gz                  what was recorded last night
  ktop replay night.gz --at 03:10       paused at ten past three
  ktop replay night.gz filetop          what filetop printed, as text
  ktop replay night.gz filetop --json   the samples of filetop, for a script
  ktop replay /var/lib/ktop/ --at "yesterday 14:00"   what ktop record DIR/ has kept, at a time
  ktop replay /var/lib/ktop/ filetop --json --from 14:00 --to 14:30   a part of it, for a script
  ktop replay /var/lib/ktop/ filetop --compare -90m..-60m -30m..   what is different now`,
  );
  command.action(async (file: string | undefined, tool: string | undefined, own: ReplayCommandOptions) => {
    await runReplay([file, tool], mergeOptions(programOptions(), own) as ReplayCommandOptions);
  });
  return command;
}
