/**
 * The models of a screen of hosts, tick by tick: of each host, and of all together. Pure.
 *
 * @module
 */
import type { Model, Restrictions, RowSelection, ToolState } from "../model/mod.ts";
import { replayLimitsOf } from "../monitor/mod.ts";
import {
  initialModel,
  limited,
  nextModel,
  type RecordedTick,
  type RecordingHeader,
  withoutHistory,
} from "../recording/mod.ts";
import { HOSTS_PANE, HOSTS_STATE, hostsPane, hostsTick, type ShownHost } from "./hosts_pane.ts";
import {
  type HostPart,
  mergedState,
  mergedTool,
  mergeParts,
  nameOnHost,
  onHost,
  type ShownTool,
} from "./merge.ts";

/** The hosts, tools and limits of the models. */
export interface ModelsOptions {
  /** Names of the hosts, in the order of the command line. */
  readonly hosts: readonly string[];
  /** The tools that every host measures. */
  readonly tools: readonly ShownTool[];
  readonly intervalS: number;
  readonly restrictions: Restrictions;
  /** MiB. */
  readonly maxMemory: number;
}

const ATTACHING: ToolState = { kind: "attaching" };

/** A header for the models of this screen. */
function headerOf(
  { intervalS, restrictions }: ModelsOptions,
  names: { readonly host: string; readonly kernel: string },
  tools: readonly ShownTool[],
): RecordingHeader {
  return {
    ...names,
    ktop: "",
    startedMs: 0,
    zones: [],
    intervalS,
    restrictions,
    tools: tools.map((one) => ({ ...one, state: ATTACHING })),
    warnings: [],
  };
}

/** The state of each tool of a host, by name. */
function statesOf(header: RecordingHeader, failed: RecordedTick["failed"]): Map<string, ToolState> {
  return new Map([
    ...header.tools.map(({ tool, state }): [string, ToolState] => [tool.name, state]),
    ...failed,
  ]);
}

const NOT_MEASURED: ToolState = {
  kind: "unavailable",
  reason: "The ktop of this host does not measure it.",
  remedy: "",
};

/** One kernel release, or how many there are. */
function kernels(headers: Iterable<RecordingHeader>): string {
  const names = [...new Set([...headers].map(({ kernel }) => kernel))];
  return names.length === 1 ? names[0]! : names.length === 0 ? "" : `${names.length} kernels`;
}

/** The model of each host, and that of all together. */
export class HostModels {
  readonly #options: ModelsOptions;
  readonly #isSingle: boolean;
  readonly #merged: readonly ShownTool[];
  readonly #limits: ReturnType<typeof replayLimitsOf>;
  readonly #headers = new Map<string, RecordingHeader>();
  /** The machine, and the tools that have failed, in the last tick of each host. */
  readonly #last = new Map<string, Pick<RecordedTick, "host" | "failed">>();
  #together: Model;
  readonly #ofHosts = new Map<string, Model>();
  #selections: readonly RowSelection[] = [];

  constructor(options: ModelsOptions) {
    const { hosts, tools, maxMemory } = options;
    this.#options = options;
    this.#isSingle = hosts.length === 1;
    this.#merged = this.#isSingle ? tools : [
      ...tools.map(({ tool, flags }) => ({ tool: mergedTool(tool, hosts), flags })),
      { tool: hostsPane(hosts), flags: {} },
    ];
    this.#limits = replayLimitsOf(maxMemory, tools.length * (this.#isSingle ? 1 : hosts.length + 1));
    this.#together = initialModel(this.#headerTogether());
    if (this.#isSingle) return;
    for (const host of hosts) this.#ofHosts.set(host, initialModel(this.#headerOnHost(host)));
  }

  /** All hosts together. */
  get together(): Model {
    return this.#together;
  }

  /** One of several hosts; its tools are named `TOOL@HOST`. */
  ofHost(host: string): Model | undefined {
    return this.#ofHosts.get(host);
  }

  /** The kernel and the last tick of a host. */
  seen(host: string): Pick<ShownHost, "kernel" | "last"> {
    return {
      kernel: this.#headers.get(host)?.kernel ?? null,
      last: this.#last.get(host)?.host ?? null,
    };
  }

  /** Applies the filters of panes to the rows of later ticks, before rows are dropped. */
  select(selections: readonly RowSelection[]): void {
    this.#selections = selections;
  }

  /** Removes the history. */
  clear(): void {
    this.#together = withoutHistory(this.#together);
    for (const [host, model] of this.#ofHosts) this.#ofHosts.set(host, withoutHistory(model));
  }

  /** A host has connected: its tools and its kernel may differ from before. @param time of this machine's clock */
  connected(host: string, header: RecordingHeader, time: number): void {
    this.#headers.set(host, header);
    this.#last.delete(host); // what has failed there may run now
    const before = this.#together;
    const names = this.#headerTogether();
    this.#together = {
      ...withStates(before, new Map(this.#isSingle ? this.#statesByName(host) : this.#mergedStates())),
      host: { ...before.host, host: names.host, kernel: names.kernel },
      ...(before.snapshots.length > 0 ? {} : { time: this.#isSingle ? header.startedMs : time }),
    };
    const apart = this.#ofHosts.get(host);
    if (apart) this.#ofHosts.set(host, withStates(apart, new Map(this.#statesOnHost(host))));
  }

  /**
   * Adds ticks of hosts as one interval, in steps between which keys can be handled. The caller must run the generator to its end.
   *
   * @param time of this machine's clock
   * @param hosts the state of all hosts
   */
  *add(parts: readonly HostPart[], time: number, hosts: readonly ShownHost[]): Generator<void> {
    for (const { host, tick } of parts) this.#last.set(host, { host: tick.host, failed: tick.failed });
    if (this.#isSingle) return this.#addSingle(parts[0]!);
    for (const { host, tick } of parts) {
      yield;
      const header = this.#headerOnHost(host);
      const next = { ...onHost(tick, host, time), failed: new Map(this.#statesOnHost(host)) };
      this.#ofHosts.set(host, this.#next(this.#ofHosts.get(host)!, header, next));
    }
    yield;
    const merged = mergeParts(parts, this.#merged, time);
    yield;
    const toolTicks = new Map([
      ...merged.toolTicks,
      [HOSTS_PANE, hostsTick(hosts, time, this.#options.intervalS)] as const,
    ]);
    const failed = new Map([...this.#mergedStates(), [HOSTS_PANE, HOSTS_STATE] as const]);
    this.#together = this.#next(this.#together, this.#headerTogether(), { ...merged, toolTicks, failed });
  }

  #addSingle({ host, tick }: HostPart): void {
    const failed = new Map(this.#statesByName(host));
    this.#together = this.#next(this.#together, this.#headerTogether(), { ...tick, failed, pivot: null });
  }

  #next(model: Model, header: RecordingHeader, tick: RecordedTick): Model {
    const selections = this.#selections;
    const limits = this.#limits;
    return nextModel(model, header, limited(tick, header, limits, selections), { limits, selections });
  }

  /** The state of each tool on a host. */
  #states(host: string): { readonly name: string; readonly state: ToolState }[] {
    const header = this.#headers.get(host);
    const states = header && statesOf(header, this.#last.get(host)?.failed ?? new Map());
    return this.#options.tools.map(({ tool: { name } }) => ({
      name,
      state: states === undefined ? ATTACHING : states.get(name) ?? NOT_MEASURED,
    }));
  }

  #statesByName(host: string): [string, ToolState][] {
    return this.#states(host).map(({ name, state }) => [name, state]);
  }

  #statesOnHost(host: string): [string, ToolState][] {
    return this.#states(host).map(({ name, state }) => [nameOnHost(name, host), state]);
  }

  #mergedStates(): [string, ToolState][] {
    const all = [...this.#headers.keys()].map((host) => ({ host, states: this.#states(host) }));
    return this.#options.tools.map(({ tool: { name } }, i) => [
      name,
      mergedState(all.map(({ host, states }) => ({ host, state: states[i]!.state }))),
    ]);
  }

  #headerTogether(): RecordingHeader {
    const { hosts } = this.#options;
    const first = this.#headers.get(hosts[0]!);
    const names = this.#isSingle
      ? { host: first?.host ?? hosts[0]!, kernel: first?.kernel ?? "" }
      : { host: `${hosts.length} hosts`, kernel: kernels(this.#headers.values()) };
    return headerOf(this.#options, names, this.#merged);
  }

  #headerOnHost(host: string): RecordingHeader {
    const tools = this.#options.tools.map(({ tool, flags }) => ({
      tool: { ...tool, name: nameOnHost(tool.name, host) },
      flags,
    }));
    return headerOf(this.#options, { host, kernel: this.#headers.get(host)?.kernel ?? "" }, tools);
  }
}

function withStates(model: Model, states: ReadonlyMap<string, ToolState>): Model {
  const tools = model.tools.map((one) => ({ ...one, state: states.get(one.tool.name) ?? one.state }));
  return { ...model, tools };
}
