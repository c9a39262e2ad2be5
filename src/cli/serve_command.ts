/**
 * `ktop serve`: counters and histograms of tools for Prometheus, over HTTP.
 *
 * @module
 */
import { Command } from "commander";
import { assertPrivileges, detachAfterExit, releaseUnusedMemory } from "../bpf/mod.ts";
import { KtopError, UsageError } from "../errors.ts";
import { notifyServiceManager } from "../ffi/mod.ts";
import { MAX_MEMORY, Poller } from "../monitor/mod.ts";
import {
  type ExportedTool,
  Exporter,
  metricsHandler,
  metricsOf,
  MetricsServer,
  metricsUrl,
  parseListenAddress,
  tokenCheck,
} from "../serve/mod.ts";
import { DEFAULT_PANES, TOOLS } from "../tools/mod.ts";
import { endedTargetReporter } from "./ended_targets.ts";
import { warn, withProgress } from "./notices.ts";
import {
  addMeasuringOptions,
  addRunOptions,
  type CommonOptions,
  mergeOptions,
  parseInteger,
  parseTools,
  printDebugMessages,
} from "./options.ts";
import { keep, keptByOutput } from "./privileges.ts";
import { toolRequests } from "./screen_command.ts";
import { DEFAULT_ADDRESS, type ListenOptions, type OpenListener, planListening } from "./serve_listeners.ts";
import { Session } from "./session.ts";
import { assertUsed, parseSetting, type SetFlags } from "./tool_settings.ts";
import { VERSION } from "./version.ts";

/** `--series`: what it may be and is by default. */
const SERIES = { min: 1, max: 10_000, default: 100 } as const;

interface ServeOptions extends CommonOptions, ListenOptions {
  readonly tools?: readonly string[];
  readonly set?: SetFlags;
  readonly series?: number;
}

/** The tools with their metrics. Throws UsageError for a tool that has none. */
function exportedTools(options: ServeOptions): ExportedTool[] {
  const names = options.tools ?? DEFAULT_PANES;
  const set = options.set ?? new Map();
  assertUsed(set, names, "exported");
  return toolRequests(names, options, { tools: set }).map((request) => {
    const measured = metricsOf(request.tool, request.options);
    if (measured !== null) return { ...request, measured };
    throw new UsageError(`${request.tool.name} has no metrics.`, {
      remedy: `Run it as ktop ${request.tool.name}, or record it.`,
    });
  });
}

/** Why a tool is left out: in detail only if the user named it. */
function leftOut(tool: string, error: unknown, asked: boolean): string {
  if (!asked) return `${tool}: left out, because it cannot run here. ktop doctor shows why.`;
  const remedy = error instanceof KtopError ? ` ${error.remedy}` : "";
  return `${tool} is left out: ${error instanceof Error ? error.message : error}${remedy}`.trimEnd();
}

async function runServe(options: ServeOptions): Promise<void> {
  const tools = exportedTools(options);
  const { token, open } = planListening(options);
  assertPrivileges();
  printDebugMessages(options);
  const listeners = open();
  const { count, duration: durationS } = options;
  const session = new Session({ intervalS: options.interval ?? 1, count, durationS });
  try {
    await measure(options, { session, tools, token, listeners });
  } finally {
    session.close();
  }
}

/** Attaches the tools, and serves their metrics until the session ends. */
async function measure(
  options: ServeOptions,
  { session, tools, token, listeners }: {
    readonly session: Session;
    readonly tools: readonly ExportedTool[];
    readonly token: string | null;
    readonly listeners: readonly OpenListener[];
  },
): Promise<void> {
  const exporter = new Exporter({
    maxMemory: options.maxMemory ?? MAX_MEMORY.default,
    series: options.series ?? SERIES.default,
    cost: options.cost ?? false,
    version: VERSION,
    onFailure: (tool, error) => warn(leftOut(tool, error, options.tools !== undefined)),
  });
  const poller = new Poller(() => exporter.poll());
  const reportEnds = endedTargetReporter({ process: options.pid });
  const mayRead = token === null ? null : await tokenCheck(token);
  const server = new MetricsServer(
    listeners.map(({ listener }) => listener),
    metricsHandler((format) => exporter.text(format), mayRead),
  );
  try {
    poller.start();
    const opened = session.beforeEnd(exporter.open(tools));
    await withProgress(`attaching ${tools.map(({ tool }) => tool.name).join(", ")}`, opened);
    if (session.ended) return;
    releaseUnusedMemory();
    for (const missing of exporter.missing()) warn(missing);
    await keep(keptByOutput(tools.map(({ tool }) => tool)));
    void server.run();
    notifyServiceManager("READY=1");
    for (const { address } of listeners) {
      await session.output().write(`Metrics are at ${metricsUrl(address)}\n`);
    }
    await session.run(async () => {
      await exporter.tick();
      reportEnds();
    });
  } finally {
    notifyServiceManager("STOPPING=1");
    server.close();
    poller.stop();
    detachAfterExit();
    exporter.close();
  }
}

/** The command `serve`. */
export function serveCommand(programOptions: () => CommonOptions): Command {
  const command = new Command("serve")
    .description("serve counters and histograms of tools to Prometheus")
    .option(
      "--listen <ADDRESS>",
      `IP address and port (default ${DEFAULT_ADDRESS})`,
      parseListenAddress,
    )
    .option("--token-file <FILE>", "clients must send the token in this file")
    .option("--insecure", "listen on an address of the network without a token")
    .option(
      "--tools <LIST>",
      `tools to export, separated by commas (default ${DEFAULT_PANES.join(",")})`,
      parseTools("--tools", TOOLS.length),
    )
    .option(
      "--set <TOOL.FLAG=VALUE>",
      "a flag of a tool: syscount.latency=true; may be repeated",
      parseSetting,
    )
    .option(
      "--series <N>",
      `series of a metric; the rest is counted as other (default ${SERIES.default})`,
      (text) => parseInteger(text, SERIES),
    )
    .option("--cost", "also export the CPU time of the BPF programs");
  addMeasuringOptions(command);
  addRunOptions(command);
  command.addHelpText(
    "after",
    `
Examples:
For Prometheus on this machine:
  ktop serve
  curl http://${DEFAULT_ADDRESS}/metrics
System calls and disks as well, with the time of the calls:
  ktop serve --tools filetop,vfsstat,syscount,biotop --set syscount.latency=true
For Prometheus on another machine:
  (umask 077; head -c 32 /dev/urandom | base64 > /etc/ktop.token)
  ktop serve --listen 192.0.2.7:9433 --token-file /etc/ktop.token`,
  );
  command.action(async (own: ServeOptions) => {
    await runServe(mergeOptions(programOptions(), own) as ServeOptions);
  });
  return command;
}
