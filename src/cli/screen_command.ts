/**
 * `ktop` without a tool: the screen, or in batch mode the panes as plain text or NDJSON.
 *
 * @module
 */
import { dirname } from "node:path";
import { Command } from "commander";
import { assertPrivileges } from "../bpf/mod.ts";
import type { LoadedSettings, Settings } from "../config/mod.ts";
import { UsageError } from "../errors.ts";
import { type Grouping, groupingsNamed } from "../model/mod.ts";
import { Monitor, type ToolRequest } from "../monitor/mod.ts";
import { batchText, ndjsonPieces } from "../output/mod.ts";
import { FALLBACK_PANES, type Tool, TOOLS, withColumnsFor } from "../tools/mod.ts";
import {
  type CommonOptions,
  defaultToolOptions,
  findTools,
  panesOption,
  printDebugMessages,
} from "./options.ts";
import { endedTargetReporter } from "./ended_targets.ts";
import { FollowedCommand, followRequest, withCommand } from "./followed_command.ts";
import { assertSomeRun, warnLeftOut, withProgress } from "./notices.ts";
import { keep, keptByOutput, reduceScreen, type ScreenNeeds } from "./privileges.ts";
import { screenFiles } from "./screen_files.ts";
import { screenSystem } from "./screen_system.ts";
import { Session } from "./session.ts";
import {
  type ConfigurationOptions,
  configurationOptions,
  screenEnvironment,
  settingsFor,
} from "./configuration_options.ts";

/** Adds the options of the screen alone. */
export function screenOptions(command: Command): void {
  panesOption(command);
  command.option("-b, --batch", "plain text instead of the screen");
  configurationOptions(command);
}

/** A tool with its options: the defaults and the configured flags. */
function toolRequest(tool: Tool, options: CommonOptions, { tools }: Pick<Settings, "tools">): ToolRequest {
  const defaults = defaultToolOptions(tool, options);
  const configured = [...tools.get(tool.name)?.flags ?? []].map(([name, { value }]) => [name, value]);
  return { tool, options: { ...defaults, flags: { ...defaults.flags, ...Object.fromEntries(configured) } } };
}

/**
 * Tools by name with their options. Throws UsageError, or KtopError for filters that cannot match.
 *
 * @param settings Absent: no flag is configured.
 */
export function toolRequests(
  names: readonly string[],
  options: CommonOptions,
  settings: Pick<Settings, "tools"> = { tools: new Map() },
): ToolRequest[] {
  const tools = findTools(names, TOOLS);
  if (tools.length === 0) throw new UsageError("Name at least one tool.");
  return tools.map((tool) => {
    const request = toolRequest(tool, options, settings);
    tool.configure(request.options);
    return request;
  });
}

/** How `--by` groups the rows of the panes, by name of tool. Throws UsageError if it groups none. */
function groupingsOf(
  by: string | undefined,
  requests: readonly ToolRequest[],
): ReadonlyMap<string, Grouping> {
  if (by === undefined) return new Map();
  return groupingsNamed(requests.map(({ tool, options }) => withColumnsFor(tool, options)), by);
}

/** What batch mode prints. */
interface BatchRun {
  readonly tools: readonly ToolRequest[];
  readonly settings: Settings;
  readonly spares: readonly string[];
  readonly groupings: ReadonlyMap<string, Grouping>;
}

/** Prints the panes as text or NDJSON, each interval, until the run ends. */
async function runBatch(options: CommonOptions, run: BatchRun): Promise<void> {
  printDebugMessages(options);
  const session = new Session({
    intervalS: run.settings.general.interval.value,
    count: options.count,
    durationS: options.duration,
  });
  try {
    await withCommand(options.command, session, (command) => measureBatch(options, run, session, command));
  } finally {
    session.close();
  }
}

/** Attaches the panes, starts the command if there is one, and prints until the session ends. */
async function measureBatch(
  options: CommonOptions,
  { tools, settings, spares, groupings }: BatchRun,
  session: Session,
  command: FollowedCommand | undefined,
): Promise<void> {
  const reportEnds = endedTargetReporter({ process: options.pid });
  const { panes, interval, "max-memory": maxMemory } = settings.general;
  const output = session.output();
  const isDefault = panes.origin.kind === "default";
  const fallbacks = options.json ? [] : spares;
  const ofCommand = (request: ToolRequest): ToolRequest => followRequest(request, command);
  const monitor = new Monitor(
    tools.map(ofCommand),
    interval.value,
    findTools(fallbacks, TOOLS).map((tool) => ofCommand(toolRequest(tool, options, settings))),
    { maxMemory: maxMemory.value, closedAtExit: command === undefined },
    fallbacks,
  );
  try {
    const attached = session.beforeEnd(monitor.attach());
    await withProgress(`attaching ${tools.map(({ tool }) => tool.name).join(", ")}`, attached);
    if (session.ended) return;
    warnLeftOut(monitor, !isDefault);
    await command?.start();
    await keep(keptByOutput([...tools.map(({ tool }) => tool), ...findTools(fallbacks, TOOLS)]));
    await session.run(async (isLast) => {
      if (isLast) monitor.finish();
      await monitor.tick();
      assertSomeRun(monitor);
      const model = monitor.model();
      const pieces = options.json
        ? ndjsonPieces(model, { limitOf: ({ flags }) => flags?.rows as number | undefined, groupings })
        : [batchText(model, groupings)];
      for (const piece of pieces) await output.write(piece);
      reportEnds();
    });
  } finally {
    monitor.close();
  }
}

function wantsBatch(options: CommonOptions): boolean {
  return options.batch === true || options.json === true || !Deno.stdout.isTerminal() ||
    !Deno.stdin.isTerminal() ||
    Deno.env.get("TERM") === "dumb";
}

/** How long the screen runs with --duration or --count, milliseconds; undefined: until it is quit. */
export function screenEndMs({ duration, count }: CommonOptions, intervalS: number): number | undefined {
  const seconds = Math.min(duration ?? Infinity, (count ?? Infinity) * intervalS);
  return seconds === Infinity ? undefined : seconds * 1000;
}

/** What the screen may do after it has attached its panes. */
export function screenNeeds({ settings, path }: LoadedSettings): ScreenNeeds {
  const flags = [...settings.tools.values()].map((tool) => tool.flags);
  return {
    directories: [Deno.cwd(), ...(path === null ? [] : [dirname(path)])],
    watchesDirectories: flags.some((all) => all.has("directory") || all.has("directories")),
  };
}

/** Runs the screen, or batch mode: with --batch or --json, without a terminal, and with TERM=dumb. */
export async function runScreen(options: ConfigurationOptions): Promise<void> {
  for (
    const [key, name] of Object.entries({ csv: "csv", csvExact: "csv-exact", fields: "fields", sort: "sort" })
  ) {
    if (key in options) throw new UsageError(`--${name} needs a tool: ktop TOOL --${name}.`);
  }
  const loaded = await settingsFor(options);
  const { settings, paneSet } = loaded;
  assertPrivileges();
  const tools = toolRequests(settings.general.panes.value, options, settings);
  const { interval, panes, ascii, "max-memory": maxMemory } = settings.general;
  const groupings = groupingsOf(options.by, tools);
  const spares = paneSet?.spares ?? (panes.origin.kind === "default" ? FALLBACK_PANES : []);
  if (wantsBatch(options)) return await runBatch(options, { tools, settings, spares, groupings });
  const system = screenSystem();
  let monitor: Monitor | undefined;
  let hasLeft = false;
  /** The exit code of a command that ended before there was a monitor. */
  let earlyExit: number | undefined;
  const command = options.command && await FollowedCommand.launch(options.command, {
    detached: true,
    onEnd: async (ended, code) => {
      await ended.waitForChildren(() => hasLeft);
      if (monitor === undefined) earlyExit = code;
      else await monitor.onFollowedCommandEnd(code);
    },
  });
  const ofCommand = (request: ToolRequest): ToolRequest => followRequest(request, command);
  const [{ runApp, hasRoomForFigures, terminalSize, withGroupings }, { screenSetup }] = await Promise.all([
    import("../tui/mod.ts"),
    import("../config/mod.ts"),
  ]);
  const offers = TOOLS.map((tool) => ofCommand(toolRequest(tool, options, settings)));
  let size = terminalSize();
  const limits = {
    maxMemory: maxMemory.value,
    shownEventsOnly: true,
    keepProcesses: true,
    get closedAtExit() {
      return !command?.isRunning;
    },
    measuresMachine: () => hasRoomForFigures(size),
  };
  const shown = monitor = new Monitor(tools.map(ofCommand), interval.value, offers, limits, spares);
  const needs = screenNeeds(loaded);
  const attach = async (): Promise<void> => {
    await shown.start();
    if (earlyExit !== undefined) await shown.onFollowedCommandEnd(earlyExit);
    await command?.start();
    await reduceScreen(needs);
  };
  const running = runApp(shown, {
    system,
    noColor: options.color === false,
    ascii: ascii.value,
    env: screenEnvironment(options),
    setup: withGroupings(await screenSetup(settings), tools.map(({ tool }) => tool.name), groupings),
    files: screenFiles(loaded),
    onSize: (now) => size = now,
    onReady: attach,
    onInterrupt: () => command?.interrupt(),
    onSuspend: (on) => command?.suspend(on),
    endAfterMs: screenEndMs(options, interval.value),
  });
  await running.finally(() => {
    hasLeft = true;
    return command?.leaveScreen();
  });
}
