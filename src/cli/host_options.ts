/**
 * The options of `ktop @HOST …`: which of them the ktop of a host gets, and which apply here.
 *
 * @module
 */
import { type Command, Option } from "commander";
import type { Settings } from "../config/mod.ts";
import { UsageError } from "../errors.ts";
import { flagsOf, type FlagValue } from "../model/mod.ts";
import type { RunLimit } from "../remote/mod.ts";
import type { Tool } from "../tools/mod.ts";
import type { ConfigurationOptions } from "./configuration_options.ts";

/** The options of the screen of hosts, as given. */
export interface HostOptions extends ConfigurationOptions {
  /** The command that replaces ssh. */
  readonly ssh?: string;
  readonly install?: boolean;
}

/** Adds the options that only hosts have. */
export function hostOptions(command: Command): void {
  command
    .addOption(
      new Option(
        "--ssh <COMMAND>",
        "with @HOST: the command that connects, with its options separated by blanks (default: KTOP_SSH, else ssh)",
      ),
    )
    .option("--install", "with @HOST: copy this ktop to ~/.cache/ktop there, and use it");
}

/** Throws UsageError for an option that needs a host. */
export function assertNoHostOptions({ ssh, install }: HostOptions): void {
  const given = ssh !== undefined ? "--ssh" : install ? "--install" : null;
  if (given !== null) throw new UsageError(`${given} needs a host: ktop @HOST ${given}.`);
}

/** Throws UsageError for an option that has no effect with hosts. */
export function assertHostOptions(options: HostOptions): void {
  if (options.command) throw new UsageError("-- CMD has no effect with @HOST.");
  const { csv, csvExact, fields, sort } = options;
  const unused = Object.entries({ csv, "csv-exact": csvExact, fields, sort }).find(([, value]) =>
    value !== undefined
  );
  if (unused) {
    throw new UsageError(`--${unused[0]} has no effect with @HOST.`, {
      remedy: "--json prints all rows and columns of all tools.",
    });
  }
}

/** The flags of a tool: the defaults and the configured ones. */
export function shownFlags(tool: Tool, { tools }: Pick<Settings, "tools">): Record<string, FlagValue> {
  const flags: Record<string, FlagValue> = {};
  for (const { name, default: value } of flagsOf(tool)) if (value !== undefined) flags[name] = value;
  for (const [name, { value }] of tools.get(tool.name)?.flags ?? []) flags[name] = value;
  return flags;
}

/** What the ktop of a host is asked for. */
export interface RemoteRun {
  readonly tools: readonly Tool[];
  readonly settings: Pick<Settings, "tools">;
  readonly intervalS: number;
  /** Rows of a tool in each interval, the rest is summed; null: all. */
  readonly rows: number | null;
  /** After which the host ends. */
  readonly limit: RunLimit;
}

const option = (name: string, value: string | number): string => `--${name}=${value}`;

/** The flags of the configuration that change what a tool measures. */
function settingArguments(tool: Tool, { tools }: Pick<Settings, "tools">): string[] {
  const measuring = new Set(
    flagsOf(tool).filter(({ sameAs, printOnly }) => sameAs === undefined && !printOnly).map(({ name }) =>
      name
    ),
  );
  return [...tools.get(tool.name)?.flags ?? []].flatMap(([name, { value }]) =>
    measuring.has(name) ? [option("set", `${tool.name}.${name}=${value}`)] : []
  );
}

/** The arguments of the ktop of a host: it records to its standard output. */
export function remoteArguments(options: HostOptions, run: RemoteRun): string[] {
  const one = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [option(name, value)];
  const each = (name: string, values: readonly string[] = []): string[] =>
    values.map((value) => option(name, value));
  return [
    "record",
    option("interval", run.intervalS),
    option("tools", run.tools.map(({ name }) => name).join(",")),
    ...(run.rows === null ? [] : [option("rows", run.rows)]),
    ...run.tools.flatMap((tool) => settingArguments(tool, run.settings)),
    ...one("pid", options.pid),
    ...one("ppid", options.ppid),
    ...one("user", options.user),
    ...each("container", options.container),
    ...each("unit", options.unit),
    ...each("pod", options.pod),
    ...each("cgroup", options.cgroup),
    ...one("comm", options.comm),
    ...(options.self ? ["--self"] : []),
    ...one("tier", options.tier),
    ...one("count", run.limit?.ticks),
    ...one("duration", run.limit?.seconds),
    "-",
  ];
}
