/**
 * `ktop record FILE` and `ktop record DIR/`: records samples of tools for `ktop replay`.
 *
 * @module
 */
import { Command } from "commander";
import { assertPrivileges } from "../bpf/mod.ts";
import { UsageError } from "../errors.ts";
import { notifyServiceManager } from "../ffi/mod.ts";
import { limitModelRows } from "../model/mod.ts";
import { MAX_MEMORY, Monitor, type ToolRequest } from "../monitor/mod.ts";
import { ndjsonPieces } from "../output/mod.ts";
import { counted, displayWidth, humanBytes, humanDuration, shownValue, truncate } from "../text/mod.ts";
import { DEFAULT_PANES, TOOLS } from "../tools/mod.ts";
import { endedTargetReporter } from "./ended_targets.ts";
import { type FollowedCommand, followRequest, withCommand } from "./followed_command.ts";
import { assertSomeRun, warnLeftOut } from "./notices.ts";
import {
  addCommonOptions,
  type CommonOptions,
  mergeOptions,
  parseTools,
  printDebugMessages,
} from "./options.ts";
import { keep, keptByOutput } from "./privileges.ts";
import {
  type Destination,
  destination,
  DIRECTORY_DEFAULTS,
  parseKeep,
  parseMaxSize,
  parseRows,
  rowLimit,
  type SinkOptions,
  type TickSink,
} from "./record_sink.ts";
import { toolRequests } from "./screen_command.ts";
import { Session } from "./session.ts";
import { writeError } from "./standard_streams.ts";
import { assertUsed, parseSetting, type SetFlags } from "./tool_settings.ts";

interface RecordOptions extends CommonOptions, SinkOptions {
  readonly tools?: readonly string[];
  readonly set?: SetFlags;
  /** Infinity: all. */
  readonly rows?: number;
}

/** A progress line on standard error, if that is a terminal. */
class Progress {
  readonly #name: string;
  readonly #isStream: boolean;
  readonly #shown: boolean;
  readonly #start = performance.now();
  #width = 0;

  constructor(path: string, options: RecordOptions) {
    this.#isStream = path === "-";
    this.#name = this.#isStream ? "standard output" : shownValue(path);
    this.#shown = Deno.stderr.isTerminal() && !(Deno.stdout.isTerminal() && (options.json || this.#isStream));
  }

  show(ticks: number, bytes: number): void {
    const elapsed = humanDuration((performance.now() - this.#start) / 1000);
    this.#write(
      `ktop: ${this.#name}: ${counted(ticks, "tick")}, ${humanBytes(bytes)}, ${elapsed}. Ctrl-C stops.`,
    );
  }

  /** Says how to look at a complete recording. */
  finish(): void {
    if (this.#width === 0 || this.#isStream) return;
    this.end();
    writeError(`ktop: recorded. ktop replay ${this.#name} shows it.\n`);
  }

  /** Writes a newline, so that the line is not overwritten. */
  end(): void {
    if (this.#width > 0) writeError("\n");
    this.#width = 0;
  }

  #write(text: string): void {
    if (!this.#shown) return;
    const { columns } = Deno.consoleSize();
    const line = truncate(text, Math.max(1, (columns || 80) - 1), "~");
    const width = displayWidth(line);
    const rest = " ".repeat(Math.max(0, this.#width - width));
    writeError(`\r${line}${rest}`);
    this.#width = width;
  }
}

/** Shared options that choose a format, columns or an order. They are refused, and left out of the help. */
const UNUSED_OPTIONS = ["csv", "csv-exact", "fields", "sort", "by"] as const;

const camelCase = (name: typeof UNUSED_OPTIONS[number]): "csv" | "csvExact" | "fields" | "sort" | "by" =>
  name === "csv-exact" ? "csvExact" : name;

async function runRecord(path: string, options: RecordOptions): Promise<void> {
  const refused = UNUSED_OPTIONS.find((name) => options[camelCase(name)] !== undefined);
  if (refused !== undefined) {
    throw new UsageError(`--${refused} has no effect on record, which records every column of every row.`);
  }
  if (path === "-" && options.json) {
    throw new UsageError("--json and the recording cannot both go to standard output.");
  }
  assertPrivileges();
  const names = options.tools ?? options.panes ?? DEFAULT_PANES;
  const set = options.set ?? new Map();
  assertUsed(set, names, "recorded");
  const requests = toolRequests(names, options, { tools: set });
  printDebugMessages(options);
  using to = await destination(path, options);
  const { count, duration: durationS } = options;
  const session = new Session({ intervalS: options.interval ?? 1, count, durationS });
  try {
    await withCommand(options.command, session, (command) => {
      const followed = requests.map((request) => followRequest(request, command));
      const rows = rowLimit(path, options.rows);
      return measure({ to, rows, progress: new Progress(path, options) }, options, {
        session,
        requests: followed,
        command,
      });
    });
  } finally {
    session.close();
  }
}

/** Attaches the tools, starts the command if there is one, and records until the session ends. */
async function measure(
  { to, rows, progress }: { readonly to: Destination; readonly rows: number; readonly progress: Progress },
  options: RecordOptions,
  { session, requests, command }: {
    readonly session: Session;
    readonly requests: readonly ToolRequest[];
    readonly command: FollowedCommand | undefined;
  },
): Promise<void> {
  const reportEnds = endedTargetReporter({ process: options.pid });
  const output = session.output();
  const maxMemory = options.maxMemory ?? MAX_MEMORY.default;
  const monitor = new Monitor(requests, options.interval ?? 1, [], {
    maxMemory,
    closedAtExit: command === undefined,
    measuresMachine: () => true,
  });
  let sink: TickSink | undefined;
  try {
    await session.beforeEnd(monitor.attach());
    if (session.ended) return;
    warnLeftOut(monitor, (options.tools ?? options.panes) !== undefined);
    const file = await to.open({ model: monitor.model(), requests, output });
    sink = file;
    await command?.start();
    await keep(keptByOutput(requests.map(({ tool }) => tool), to.directories));
    notifyServiceManager("READY=1");
    let ticks = 0;
    await session.run(async (isLast) => {
      if (isLast) monitor.finish();
      await monitor.tick();
      assertSomeRun(monitor);
      const model = limitModelRows(monitor.model(), rows);
      await file.write(model);
      if (options.json) { for (const piece of ndjsonPieces(model)) await output.write(piece); }
      reportEnds();
      progress.show(++ticks, file.bytes);
    });
    await file.close();
    progress.finish();
  } finally {
    notifyServiceManager("STOPPING=1");
    progress.end();
    monitor.close();
    await sink?.close();
  }
}

/** The command `record`. */
export function recordCommand(programOptions: () => CommonOptions): Command {
  const command = new Command("record")
    .description("record samples of tools to a file or into a directory, for ktop replay")
    .argument(
      "<FILE>",
      "a new file, compressed if its name ends in .gz; - for standard output; DIR/ for a directory",
    )
    .option(
      "--tools <LIST>",
      "tools to record, separated by commas (default: those of the screen)",
      parseTools("--tools", TOOLS.length),
    )
    .option(
      "--set <TOOL.FLAG=VALUE>",
      "a flag of a tool: readpath.call=write; may be repeated",
      parseSetting,
    )
    .option(
      "--rows <N>",
      `keep at most N rows of a tool in each interval and sum the rest; all: no limit (default: ${DIRECTORY_DEFAULTS.rows} with DIR/, all with FILE)`,
      parseRows,
    )
    .option("--force", "replace FILE if it exists")
    .option(
      "--keep <AGE>",
      `with DIR/: remove what is older, 90m, 12h, 7d, 4w (default ${DIRECTORY_DEFAULTS.keep})`,
      parseKeep,
    )
    .option(
      "--max-size <SIZE>",
      `with DIR/: remove the oldest above this, 500M, 2G (default ${DIRECTORY_DEFAULTS.maxSize})`,
      parseMaxSize,
    );
  addCommonOptions(command);
  for (const option of command.options) {
    if (UNUSED_OPTIONS.some((name) => option.name() === name)) option.hideHelp();
    if (option.name() === "json") option.description = "also print each tick as JSON, one line a tool";
  }
  command.addHelpText(
    "after",
    `
Examples:
Half an hour in the night, as root from at(1) or cron:
  ktop record -i 5 --duration 1800 /var/tmp/night.gz
The same the next day, on any machine, without root:
  ktop replay night.gz
Always, in segments of an hour: a week, but at most 2 GiB:
  ktop record /var/lib/ktop/ --keep 7d --max-size 2G
The path of writes through the kernel; the configuration file is not read:
  ktop record --tools readpath,vfsstat --set readpath.call=write writes.gz
A build, from its first instruction to its end:
  ktop record --tools filetop,syscount build.gz -- make
A server, live over SSH:
  ssh server sudo ktop record - | ktop replay -`,
  );
  command.usage(`${command.usage()} [-- CMD ARG...]`);
  command.action(async (path: string, own: RecordOptions) => {
    await runRecord(path, mergeOptions(programOptions(), own) as RecordOptions);
  });
  return command;
}
