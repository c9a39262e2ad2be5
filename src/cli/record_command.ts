/**
 * `ktop record FILE`: samples of the chosen tools into a file that `ktop replay` shows.
 *
 * @module
 */
import { Command } from "commander";
import { assertPrivileges } from "../bpf/mod.ts";
import { UsageError } from "../errors.ts";
import { Monitor } from "../monitor/mod.ts";
import { ndjsonLines, StandardOutput } from "../output/mod.ts";
import {
  checkRecordingPath,
  createRecording,
  recordingHeader,
  type RecordingSink,
  recordingTick,
} from "../recording/mod.ts";
import { displayWidth, escapeText, humanBytes, humanDuration, truncate } from "../text/mod.ts";
import { DEFAULT_PANES } from "../tools/mod.ts";
import { assertSome, tellLeftOut } from "./left_out.ts";
import { addCommonOptions, type CommonOptions, listenForDebug, mergeOptions, parseList } from "./options.ts";
import { toolRequests } from "./screen_command.ts";
import { Session } from "./session.ts";
import { VERSION } from "./version.ts";

/** Options of its own. */
interface RecordOptions extends CommonOptions {
  readonly tools?: readonly string[];
  readonly force?: boolean;
}

/** What a run has done, on the terminal of standard error; nothing on a pipe. */
class Progress {
  readonly #name: string;
  readonly #shown: boolean;
  readonly #begin = performance.now();
  #width = 0;

  constructor(path: string, options: RecordOptions) {
    this.#name = path === "-" ? "standard output" : escapeText(path);
    this.#shown = Deno.stderr.isTerminal() && !(Deno.stdout.isTerminal() && (options.json || path === "-"));
  }

  show(ticks: number, bytes: number): void {
    const elapsed = humanDuration((performance.now() - this.#begin) / 1000);
    const count = `${ticks} ${ticks === 1 ? "tick" : "ticks"}`;
    this.#write(`ktop: ${this.#name}: ${count}, ${humanBytes(bytes)}, ${elapsed}. Ctrl-C ends.`);
  }

  /** Leaves the last state on a line of its own. */
  end(): void {
    if (this.#width > 0) Deno.stderr.writeSync(new TextEncoder().encode("\n"));
    this.#width = 0;
  }

  #write(text: string): void {
    if (!this.#shown) return;
    const { columns } = Deno.consoleSize();
    const line = truncate(text, Math.max(1, (columns || 80) - 1), "~");
    const width = displayWidth(line);
    const rest = " ".repeat(Math.max(0, this.#width - width));
    Deno.stderr.writeSync(new TextEncoder().encode(`\r${line}${rest}`));
    this.#width = width;
  }
}

async function runRecord(path: string, options: RecordOptions): Promise<void> {
  for (const name of ["csv", "fields", "sort"] as const) {
    if (options[name] !== undefined) {
      throw new UsageError(`record has no use for --${name}: it keeps every column.`);
    }
  }
  if (path === "-" && options.json) {
    throw new UsageError("--json and a recording on standard output exclude each other.");
  }
  assertPrivileges();
  checkRecordingPath(path, options.force ?? false);
  const names = options.tools ?? options.panes ?? DEFAULT_PANES;
  const requests = toolRequests(names, options);
  const twice = requests.find(({ tool }, i) => requests.findIndex((other) => other.tool === tool) !== i);
  if (twice) throw new UsageError(`record takes each tool once; ${twice.tool.name} is named twice.`);
  listenForDebug(options);
  const intervalS = options.interval ?? 1;
  const session = new Session({ intervalS, count: options.count, durationS: options.duration });
  const output = new StandardOutput(() => session.end());
  const monitor = new Monitor(requests, intervalS);
  const progress = new Progress(path, options);
  let sink: RecordingSink | undefined;
  try {
    await monitor.attach();
    tellLeftOut(monitor);
    const file = await createRecording(path, {
      force: options.force ?? false,
      onClosed: () => session.end(),
    });
    sink = file;
    await file.write(recordingHeader({ model: monitor.model(), requests, ktop: VERSION }));
    let ticks = 0;
    await session.run(async () => {
      monitor.tick();
      assertSome(monitor);
      await file.write(recordingTick(monitor.model(), ++ticks));
      if (options.json) await output.write(ndjsonLines(monitor.model()));
      progress.show(ticks, file.bytes);
    });
    await file.close();
  } finally {
    progress.end();
    monitor.close();
    session.close();
    await sink?.close();
  }
}

/** The command `record`. */
export function recordCommand(programOptions: () => CommonOptions): Command {
  const command = new Command("record")
    .description("samples of tools into a file, for ktop replay")
    .argument("<FILE>", "a new file, gzip when its name ends in .gz; - is standard output")
    .option("--tools <LIST>", "tools, by name, separated by commas (default: those of the screen)", parseList)
    .option("--force", "replace FILE when it exists");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    `
What happens between half past two and three, as root from at(1) or cron:
  ktop record -i 5 --duration 1800 /var/tmp/night.gz
and looked at the next day, by anybody who may read the file, on any machine:
  ktop replay night.gz
What happens on a server right now:
  ssh server sudo ktop record - | ktop replay -`,
  );
  command.action(async (path: string, own: RecordOptions) => {
    await runRecord(path, mergeOptions(programOptions(), own) as RecordOptions);
  });
  return command;
}
