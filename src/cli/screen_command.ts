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
import { type CommonOptions, defaultToolOptions, findTools, listenForDebug, parseList } from "./options.ts";
import { Session } from "./session.ts";

/** Adds the options that only the screen takes. */
export function screenOptions(command: Command): void {
  command
    .option("--panes <LIST>", "tools shown, by name, separated by commas", parseList)
    .option("-b, --batch", "plain text instead of the screen");
}

/** The tools of these names with their defaults and the shared filters. Throws UsageError, or KtopError for filters that cannot match. */
export function toolRequests(names: readonly string[], options: CommonOptions): ToolRequest[] {
  const tools = findTools(names, TOOLS);
  if (tools.length === 0) throw new UsageError("At least one tool must be named.");
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
    await monitor.attach();
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

/** Runs the screen, or batch mode where standard output is no terminal, TERM is dumb, or it was asked for. */
export async function runScreen(options: CommonOptions): Promise<void> {
  for (const name of ["csv", "fields", "sort"] as const) {
    if (options[name] !== undefined) throw new UsageError(`--${name} needs a tool: ktop TOOL --${name}.`);
  }
  assertPrivileges();
  const tools = toolRequests(options.panes ?? DEFAULT_PANES, options);
  if (wantsBatch(options)) return await runBatch(options, tools);
  const { runApp } = await import("../tui/mod.ts");
  const monitor = new Monitor(tools, options.interval ?? 1);
  await runApp(monitor, {
    noColor: options.color === false,
    ascii: options.ascii ?? false,
    env: Deno.env.toObject(),
    onReady: () => void monitor.start(),
  });
}
