/**
 * `ktop` without a tool: the full screen, or the panes as plain text or NDJSON where there is no screen.
 *
 * @module
 */
import { Command } from "commander";
import { assertPrivileges } from "../bpf/mod.ts";
import { UsageError } from "../errors.ts";
import { Monitor, type ToolRequest } from "../monitor/mod.ts";
import { batchText, ndjsonFormat, StandardOutput } from "../output/mod.ts";
import { DEFAULT_PANES, TOOLS } from "../tools/mod.ts";
import { type CommonOptions, defaultToolOptions, findTools, listenForDebug } from "./options.ts";
import { withProgress } from "./progress.ts";
import { Session } from "./session.ts";

const parseList = (text: string): string[] =>
  text.split(",").map((word) => word.trim()).filter((word) => word !== "");

/** Adds the options that only the screen takes. */
export function screenOptions(command: Command): void {
  command
    .option("--panes <LIST>", "tools shown, by name, separated by commas", parseList)
    .option("-b, --batch", "plain text instead of the screen");
}

function requests(options: CommonOptions): ToolRequest[] {
  const tools = findTools(options.panes ?? DEFAULT_PANES, TOOLS);
  if (tools.length === 0) throw new UsageError("--panes needs at least one tool.");
  return tools.map((tool) => {
    const toolOptions = defaultToolOptions(tool, options);
    tool.configure(toolOptions);
    return { tool, options: toolOptions };
  });
}

/** Panes as text or NDJSON, each interval, until the run ends. */
async function runBatch(options: CommonOptions, tools: readonly ToolRequest[]): Promise<void> {
  listenForDebug(options);
  const session = new Session({
    intervalS: options.interval ?? 1,
    count: options.count,
    durationS: options.duration,
  });
  const output = new StandardOutput(() => session.end());
  const monitor = new Monitor(tools, options.interval ?? 1);
  try {
    await withProgress(`attaching ${tools.map(({ tool }) => tool.name).join(", ")}`, monitor.attach());
    const failures = monitor.failures();
    if (failures.length === tools.length) throw failures[0];
    await session.run(() => {
      monitor.tick();
      const model = monitor.model();
      const ticks = model.tools.flatMap(({ tool, tick }) =>
        tick ? [ndjsonFormat({ columns: tool.columns }).tick(tick)] : []
      );
      return output.write(options.json ? ticks.join("") : batchText(model));
    });
  } finally {
    monitor.close();
    session.close();
  }
}

function wantsBatch(options: CommonOptions): boolean {
  return options.batch === true || options.json === true || !Deno.stdout.isTerminal() ||
    !Deno.stdin.isTerminal() ||
    Deno.env.get("TERM") === "dumb";
}

/** When the screen is to end by itself: after a duration, after so many intervals. Milliseconds; undefined: never. */
export function screenEndMs({ duration, count, interval = 1 }: CommonOptions): number | undefined {
  const seconds = Math.min(duration ?? Infinity, (count ?? Infinity) * interval);
  // A longer timer would fire at once: setTimeout takes 31 bits.
  return seconds === Infinity ? undefined : Math.min(seconds * 1000, 0x7fff_ffff);
}

/** Runs the screen, or batch mode where standard output is no terminal, TERM is dumb, or it was asked for. */
export async function runScreen(options: CommonOptions): Promise<void> {
  for (const name of ["csv", "fields", "sort"] as const) {
    if (options[name] !== undefined) throw new UsageError(`--${name} needs a tool: ktop TOOL --${name}.`);
  }
  assertPrivileges();
  const tools = requests(options);
  if (wantsBatch(options)) return await runBatch(options, tools);
  const { runApp } = await import("../tui/mod.ts");
  const monitor = new Monitor(tools, options.interval ?? 1);
  await runApp(monitor, {
    noColor: options.color === false,
    ascii: options.ascii ?? false,
    env: Deno.env.toObject(),
    onReady: () => void monitor.start(),
    endAfterMs: screenEndMs(options),
  });
}
