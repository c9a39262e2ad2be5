/**
 * Merges what several hosts have counted in about the same interval: rows with a column `host`, sums of the machines. Pure.
 *
 * @module
 */
import {
  addLost,
  type Column,
  type FlagValue,
  type Histogram,
  HOST_KEY,
  type HostInfo,
  type Lost,
  NOTHING_LOST,
  ownOrder,
  restLast,
  type RestRows,
  type Row,
  type SelfCost,
  type Stacks,
  type Tick,
  type ToolInfo,
  type ToolState,
  type Value,
} from "../model/mod.ts";
import type { RecordedTick } from "../recording/mod.ts";

/** A tool and its flags. */
export interface ShownTool {
  readonly tool: ToolInfo;
  readonly flags: Readonly<Record<string, FlagValue>>;
}

/** What a host has counted in one interval. */
export interface HostPart {
  readonly host: string;
  readonly tick: RecordedTick;
}

const MIN_WIDTH = 4;
const MAX_WIDTH = 16;

/** The column of the host, wide enough for these names. */
export function hostColumn(names: readonly string[]): Column {
  const longest = Math.max(MIN_WIDTH, ...names.map(({ length }) => length));
  const width = Math.min(MAX_WIDTH, longest);
  return {
    key: HOST_KEY,
    title: "HOST",
    description: "Host, as on the command line.",
    unit: "text",
    width,
    minWidth: width,
    ...(longest > width ? { maxWidth: longest } : {}),
    align: "left",
    priority: 2,
  };
}

/** A tool whose rows come from several hosts. Counters are a table with a row for each host. */
export function mergedTool(tool: ToolInfo, names: readonly string[]): ToolInfo {
  const isCounters = tool.view === "counters";
  return {
    ...tool,
    view: isCounters ? "table" : tool.view,
    graph: isCounters ? tool.graph.filter((entry) => typeof entry === "string") : tool.graph,
    columns: [hostColumn(names), ...tool.columns],
  };
}

const numberOf = (value: Value | undefined): number => typeof value === "number" ? value : 0;

/** The rows of all hosts, each in the tool's order. */
function orderedRows(rows: readonly Row[], { tool, flags }: ShownTool): readonly Row[] {
  const keys = ownOrder(tool, flags);
  if (tool.view === "events") {
    const timeOf = ({ time }: Row): string => typeof time === "string" ? time : "";
    return rows.toSorted((a, b) => timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0);
  }
  if (tool.view !== "table" || keys.length === 0) return restLast(rows);
  const rank = (row: Row): number => keys.reduce((sum, key) => sum + numberOf(row[key]), 0);
  return restLast(rows.toSorted((a, b) => rank(b) - rank(a)));
}

/** The sums of events that were left out. */
function mergedRest(rests: readonly (RestRows | undefined)[]): RestRows | undefined {
  const known = rests.filter((rest) => rest !== undefined);
  if (known.length === 0) return undefined;
  const sums: Record<string, Value> = {};
  for (const rest of known) {
    for (const [key, value] of Object.entries(rest.sums)) {
      sums[key] = typeof value === "number" ? numberOf(sums[key]) + value : sums[key] ?? null;
    }
  }
  return { rows: known.reduce((sum, { rows }) => sum + rows, 0), sums };
}

/** The stacks of all hosts, added up, the largest first. */
function mergedStacks(all: readonly (Stacks | undefined)[]): Stacks | undefined {
  const known = all.filter((stacks) => stacks !== undefined);
  const [first] = known;
  if (!first || known.length === 1) return first;
  const weights = new Map<string, number>();
  for (const { counts } of known) {
    for (const { stack, weight } of counts) weights.set(stack, (weights.get(stack) ?? 0) + weight);
  }
  const counts = [...weights].map(([stack, weight]) => ({ stack, weight }));
  const dropped = known.reduce((sum, { dropped = 0 }) => sum + dropped, 0);
  return {
    weight: first.weight,
    counts: counts.sort((a, b) => b.weight - a.weight),
    ...(dropped > 0 ? { dropped } : {}),
  };
}

const labelled = (host: string, histogram: Histogram): Histogram => ({
  ...histogram,
  label: histogram.label === "" ? host : `${host} ${histogram.label}`,
});

/** Words without repetition, joined by +. */
const joined = (words: readonly string[]): string => [...new Set(words)].join("+");

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The ticks of one tool of several hosts as one. */
function mergedTick(
  parts: readonly { readonly host: string; readonly tick: Tick }[],
  shown: ShownTool,
  time: number,
): Tick {
  const ticks = parts.map(({ tick }) => tick);
  const rows = parts.flatMap(({ host, tick }) => tick.rows.map((row): Row => ({ [HOST_KEY]: host, ...row })));
  const histograms = parts.flatMap(({ host, tick }) =>
    (tick.histograms ?? []).map((histogram) => labelled(host, histogram))
  );
  const fills = ticks.flatMap(({ mapFill }) => mapFill ?? []);
  const rest = mergedRest(ticks.map(({ rest }) => rest));
  const stacks = mergedStacks(ticks.map(({ stacks }) => stacks));
  const droppedRows = ticks.reduce((sum, { droppedRows = 0 }) => sum + droppedRows, 0);
  return {
    tool: shown.tool.name,
    time,
    intervalS: mean(ticks.map(({ intervalS }) => intervalS)),
    tier: joined(ticks.map(({ tier }) => tier)),
    lost: ticks.reduce((sum: Lost, { lost }) => addLost(sum, lost), NOTHING_LOST),
    rows: orderedRows(rows, shown),
    ...(droppedRows > 0 ? { droppedRows } : {}),
    ...(fills.length > 0 ? { mapFill: Math.max(...fills) } : {}),
    ...(rest ? { rest } : {}),
    ...(stacks ? { stacks } : {}),
    ...(ticks.some((tick) => tick.histograms) ? { histograms } : {}),
  };
}

type Machine = Omit<HostInfo, "host" | "kernel">;

/** The sums of the machines; the shortest uptime. */
function mergedMachine(all: readonly Machine[]): Machine {
  const sum = (of: (machine: Machine) => number): number =>
    all.reduce((total, machine) => total + of(machine), 0);
  return {
    uptimeS: Math.min(...all.map(({ uptimeS }) => uptimeS)),
    load: [sum(({ load }) => load[0]), sum(({ load }) => load[1]), sum(({ load }) => load[2])],
    tasks: { running: sum(({ tasks }) => tasks.running), total: sum(({ tasks }) => tasks.total) },
  };
}

/** The sums of what ktop costs on each host. */
function mergedCost(all: readonly SelfCost[]): SelfCost {
  const known = all.flatMap(({ cpuMsPerS }) => cpuMsPerS ?? []);
  return {
    cpuMsPerS: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0),
    rssBytes: all.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
  };
}

/** One interval of several hosts as one of a single recording. @param time of this machine's clock */
export function mergeParts(
  parts: readonly HostPart[],
  tools: readonly ShownTool[],
  time: number,
): RecordedTick {
  const toolTicks = new Map<string, Tick>();
  const dropped = new Map<string, number>();
  for (const shown of tools) {
    const { name } = shown.tool;
    const found = parts.flatMap(({ host, tick }) => {
      const one = tick.toolTicks.get(name);
      return one ? [{ host, tick: one }] : [];
    });
    if (found.length === 0) continue;
    toolTicks.set(name, mergedTick(found, shown, time));
    dropped.set(name, parts.reduce((sum, { tick }) => sum + (tick.dropped.get(name) ?? 0), 0));
  }
  return {
    time,
    host: mergedMachine(parts.map(({ tick }) => tick.host)),
    self: mergedCost(parts.map(({ tick }) => tick.self)),
    toolTicks,
    dropped,
    failed: new Map(),
    peaks: {},
    flags: new Map(),
    pivot: null,
  };
}

/** The state of a tool on several hosts: it runs if it runs on one of them. */
export function mergedState(
  states: readonly { readonly host: string; readonly state: ToolState }[],
): ToolState {
  const running = states.flatMap(({ host, state }) => state.kind === "running" ? [{ host, state }] : []);
  const failed = states.flatMap(({ host, state }) => state.kind === "unavailable" ? [{ host, state }] : []);
  if (running.length === 0) {
    const [first] = failed;
    return first ? { ...first.state, reason: `${first.host}: ${first.state.reason}` } : { kind: "attaching" };
  }
  return {
    kind: "running",
    tier: joined(running.map(({ state }) => state.tier)),
    missing: [
      ...failed.map(({ host, state }) => `${host}, where it cannot run: ${state.reason}`),
      ...running.flatMap(({ host, state }) => state.missing.map((what) => `${host}: ${what}`)),
    ],
  };
}

/** The name of a tool of one host, where panes of several are shown. */
export const nameOnHost = (tool: string, host: string): string => `${tool}@${host}`;

/** The tick of one host, with the names of its panes and the time of this machine. */
export function onHost(tick: RecordedTick, host: string, time: number): RecordedTick {
  const renamed = <V>(map: ReadonlyMap<string, V>): Map<string, V> =>
    new Map([...map].map(([name, value]) => [nameOnHost(name, host), value]));
  const toolTicks = new Map(
    [...tick.toolTicks.values()].map((one) => {
      const name = nameOnHost(one.tool, host);
      return [name, { ...one, tool: name, time }];
    }),
  );
  return {
    ...tick,
    time,
    toolTicks,
    dropped: renamed(tick.dropped),
    flags: renamed(tick.flags),
    failed: renamed(tick.failed),
    pivot: null,
  };
}
