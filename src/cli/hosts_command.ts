/**
 * `ktop @HOST …`: the screen of other machines, or in batch mode their panes as plain text or NDJSON. Needs neither privileges nor
 * libbpf here.
 *
 * @module
 */
import type { Settings } from "../config/mod.ts";
import { renamedVariables } from "../ffi/mod.ts";
import type { Restrictions } from "../model/mod.ts";
import { MAX_LINE_BYTES } from "../recording/mod.ts";
import {
  connectBySsh,
  failureError,
  failureText,
  Fleet,
  Gate,
  type Host,
  HostStream,
  parseHosts,
  remoteCommand,
  type RunLimit,
  sshArguments,
  sshWords,
} from "../remote/mod.ts";
import { useZone, zoneOf } from "../text/mod.ts";
import { type Tool, TOOLS, withColumnsFor } from "../tools/mod.ts";
import { settingsFor } from "./configuration_options.ts";
import { EndSignals } from "./end_signals.ts";
import { HostBatch } from "./host_batch.ts";
import { assertHostOptions, type HostOptions, remoteArguments, shownFlags } from "./host_options.ts";
import { groupingsOfModel, showHosts } from "./host_screen.ts";
import { warn, withProgress } from "./notices.ts";
import { filtersOf, findTools } from "./options.ts";
import { ownExecutable } from "./own_executable.ts";
import { reduceHosts } from "./privileges.ts";

/** Rows of a tool that a screen gets in each interval from all hosts together, within bounds for each; the rest is summed. */
const SCREEN_ROWS = { total: 1000, maxPerHost: 500, minPerHost: 100 } as const;
const MIB = 1024 * 1024;
/** Maximum length of a line on a screen: a longer one takes too long to parse while a key waits. */
const MAX_SCREEN_LINE_BYTES = 4 * MIB;
/** What ticks that wait may take of all hosts together, besides the newest of each. Bytes. */
const QUEUE_BYTES = 32 * MIB;
/** How long a host may take until its first line; one host may wait for a password. Milliseconds. */
const FIRST_LINE_MS = { one: 150_000, several: 30_000 } as const;
/** How long the screen waits for more hosts once one is connected, milliseconds. */
const OTHERS_MS = 3000;

function isBatch(options: HostOptions): boolean {
  return options.batch === true || options.json === true || !Deno.stdout.isTerminal() ||
    !Deno.stdin.isTerminal() || Deno.env.get("TERM") === "dumb";
}

/** The filters, as the header shows them. */
function restrictionsOf(options: HostOptions): Restrictions {
  const { self: _, ...filters } = filtersOf(options);
  const given = Object.entries({ ...filters, tier: options.tier }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/**
 * Starts the streams, and waits until there is something to show. Throws KtopError if no host can be shown.
 *
 * @param report names a host that has failed
 */
async function connectAll(
  streams: readonly HostStream[],
  report: (stream: HostStream) => void,
): Promise<void> {
  const started = streams.map(async (stream) => {
    await stream.start();
    return stream.header !== null;
  });
  const all = Promise.all(started);
  const one = new Promise<void>((resolve) => {
    for (const ready of started) ready.then((connected) => connected && setTimeout(resolve, OTHERS_MS));
  });
  const shown = Promise.race([all, one]);
  // A line of progress would cover a question of ssh, which only one host may ask.
  await (streams.length === 1 ? shown : withProgress(`connecting to ${streams.length} hosts`, shown));
  const failed = streams.filter(({ header, failure }) => header === null && failure !== null);
  const last = failed.length === streams.length ? failed.pop() : undefined;
  for (const stream of failed) report(stream);
  if (last) throw failureError(last.host, last.failure!);
}

/** What is asked of the hosts, and how they are reached. */
interface Request {
  readonly options: HostOptions;
  readonly settings: Settings;
  readonly tools: readonly Tool[];
  readonly batch: boolean;
}

/** Rows of a tool in each interval from one of several hosts. */
function rowsOfEach(hosts: number): number {
  const { total, maxPerHost, minPerHost } = SCREEN_ROWS;
  return Math.max(minPerHost, Math.min(maxPerHost, Math.floor(total / hosts)));
}

function limitOf({ count, duration }: HostOptions): RunLimit {
  if (count === undefined && duration === undefined) return null;
  return {
    ...(count === undefined ? {} : { ticks: count }),
    ...(duration === undefined ? {} : { seconds: duration }),
  };
}

/** The streams of the hosts, not started. @param onChange see {@linkcode HostStream} */
async function openStreams(
  hosts: readonly Host[],
  { options, settings, tools, batch }: Request,
  onChange: (stream: HostStream) => void,
): Promise<HostStream[]> {
  const ssh = sshWords(options.ssh ?? (Deno.env.get("KTOP_SSH") || "ssh"));
  const install = options.install ? await ownExecutable() : null;
  const rows = options.json ? null : rowsOfEach(hosts.length);
  const intervalS = settings.general.interval.value;
  const gate = new Gate();
  const isOne = hosts.length === 1;
  return hosts.map((host) =>
    new HostStream(host, {
      connect: connectBySsh(ssh, renamedVariables(), install !== null),
      arguments: (host, { mayPrompt, limit }) => {
        const args = remoteArguments(options, { tools, settings, intervalS, rows, limit });
        return sshArguments(host, remoteCommand(args, install), mayPrompt);
      },
      mayPrompt: isOne,
      install: install?.path ?? null,
      tools: TOOLS,
      intervalS,
      limit: batch ? limitOf(options) : null,
      firstLineMs: isOne ? FIRST_LINE_MS.one : FIRST_LINE_MS.several,
      maxLineBytes: options.json ? MAX_LINE_BYTES : MAX_SCREEN_LINE_BYTES,
      maxBytes: QUEUE_BYTES / hosts.length,
      gate,
    }, onChange)
  );
}

/** Connects; then times are those of the zone of the host, if there is one host. */
async function connect(
  streams: readonly HostStream[],
  { options }: Request,
  report: (stream: HostStream) => void,
): Promise<void> {
  await connectAll(streams, report);
  const [first] = streams;
  const zones = first?.header?.zones ?? [];
  if (streams.length === 1 && !options.utc && zones.length > 0) useZone(zoneOf(zones));
}

/** Runs the screen of hosts, or prints what they measure. */
export async function runHosts(words: readonly string[], options: HostOptions): Promise<void> {
  const hosts = parseHosts(words);
  assertHostOptions(options);
  const loaded = await settingsFor(options);
  const { settings } = loaded;
  const { panes, interval, "max-memory": maxMemory } = settings.general;
  const tools = findTools(panes.value, TOOLS);
  const batch = isBatch(options);
  const request = { options, settings, tools, batch };
  const shown = tools.map((tool) => {
    const flags = shownFlags(tool, settings);
    return { tool: withColumnsFor(tool, { filters: { self: false }, flags }), flags };
  });
  const toolsWereNamed = panes.origin.kind !== "default";
  const output = batch ? new HostBatch(options, { tools: panes.value, toolsWereNamed }) : null;
  const hooks = output?.hooks(shown.map(({ tool }) => tool), hosts.length);
  const streams = await openStreams(hosts, request, (stream) => fleet.changed(stream));
  const fleet = new Fleet(streams, {
    tools: shown,
    intervalS: interval.value,
    restrictions: restrictionsOf(options),
    maxMemory: maxMemory.value,
    toolsWereNamed,
    ...hooks,
  });
  const run = { options, loaded, streams, fleet };
  groupingsOfModel(fleet.model(), options.by); // wrong usage comes before the first connection
  await reduceHosts({
    directories: batch ? [] : [Deno.cwd()],
    executable: options.install ? Deno.execPath() : null,
  });
  if (output) return await output.run(run, (report) => connect(streams, request, report));
  const signals = new EndSignals(() => {
    fleet.close();
    Deno.exit();
  });
  try {
    await connect(streams, request, ({ host, failure }) => warn(failureText(host, failure!)));
  } catch (error) {
    fleet.close();
    throw error;
  } finally {
    signals.close();
  }
  await showHosts(run);
}
