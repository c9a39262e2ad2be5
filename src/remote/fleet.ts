/**
 * The monitor of a screen of hosts: takes the ticks that have arrived, shows them as one interval, and names the hosts that are behind.
 *
 * @module
 */
import {
  type HostStatus,
  MAX_PANES,
  type Model,
  type MonitorCapabilities,
  type MonitorCommand,
  type Notice,
  type Offer,
  type Pivot,
  type ToolModel,
} from "../model/mod.ts";
import { processInRows, realTimers, type Timers, turns } from "../monitor/mod.ts";
import type { RecordedTick, RecordingHeader } from "../recording/mod.ts";
import { HostModels, type ModelsOptions } from "./host_models.ts";
import { failureMessage, HOSTS_PANE, HOSTS_STATE, hostsTick, type ShownHost } from "./hosts_pane.ts";
import type { HostPart } from "./merge.ts";

/** A host as the monitor sees it. */
export interface HostSource {
  readonly host: { readonly name: string };
  readonly header: RecordingHeader | null;
  /** Ticks that wait. */
  readonly waiting: number;
  take(): RecordedTick | null;
  status(): HostStatus;
  close(): void;
}

/** What a screen of hosts shows. */
export interface FleetOptions extends Omit<ModelsOptions, "hosts"> {
  /** The user named the tools; else those that run on no host are hidden. */
  readonly toolsWereNamed: boolean;
  readonly timers?: Timers;
  /** The wall clock, milliseconds. */
  readonly now?: () => number;
  /** Called with the model after each interval, before the next is taken; resolves when it was printed. */
  readonly onInterval?: (model: Model) => Promise<void>;
  /** Called with each tick of a host before it is shown; resolves when it was printed. */
  readonly onTick?: (part: HostPart, header: RecordingHeader) => Promise<void>;
}

/** How long the fastest host waits for the others: an interval, within these bounds. */
const WAIT_MS = { min: 50, max: 2000 } as const;
/** Waiting ticks of a host above which they are shown at once: it was stalled. */
const BACKLOG = 2;
/** A tick of another length than the interval is shown alone, because rates are divided by the length. */
const LENGTH_RATIO = 1.5;
/** How often the state of the hosts is polled, milliseconds. */
const POLL_MS = 1000;

/** Shows ticks of hosts. Sources report arrivals and changes by {@linkcode Fleet.changed}. */
export class Fleet {
  readonly #sources: readonly HostSource[];
  readonly #options: FleetOptions;
  readonly #timers: Timers;
  readonly #models: HostModels;
  readonly #listeners: (() => void)[] = [];
  readonly #turn: () => Promise<void>;
  /** Hosts that the others do not wait for, until they send again. */
  readonly #late = new Set<HostSource>();
  readonly #headers = new Map<HostSource, RecordingHeader>();
  readonly #states = new Map<HostSource, HostStatus["state"]>();
  #notice: Notice | null = null;
  #names: readonly string[];
  #pivot: Pivot | null = null;
  #model: Model;
  #wait: number | undefined;
  #statusTimer: number | undefined;
  #lastTime = 0;
  #flushing: Promise<void> = Promise.resolve();
  #isFlushing = false;
  #closed = false;
  readonly #failure = Promise.withResolvers<never>();

  constructor(sources: readonly HostSource[], options: FleetOptions) {
    this.#sources = sources;
    this.#options = options;
    this.#failure.promise.catch(() => {});
    this.#timers = options.timers ?? realTimers;
    this.#turn = turns(() => this.#timers.now());
    this.#models = new HostModels({ ...options, hosts: sources.map(({ host }) => host.name) });
    const room = MAX_PANES - (this.#isSingle ? 0 : 1);
    this.#names = options.tools.slice(0, room).map(({ tool }) => tool.name);
    this.#model = this.#current();
    this.#statusTimer = this.#timers.set(() => this.#poll(), POLL_MS);
  }

  get #isSingle(): boolean {
    return this.#sources.length === 1;
  }

  /** The shown model. */
  model(): Model {
    return this.#model;
  }

  /** Calls back after every change of the model. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The commands it performs. */
  readonly capabilities: MonitorCapabilities = new Set<MonitorCommand["kind"]>([
    "clear",
    "setTools",
    "setPivot",
    "selectRows",
  ]);

  /** Performs a command. */
  perform(command: MonitorCommand): void {
    switch (command.kind) {
      case "clear":
        this.#models.clear();
        break;
      case "setTools":
        this.#setTools(command.names);
        break;
      case "setPivot":
        this.#pivot = command.id === null
          ? null
          : { ...processInRows(command.id, this.#model), state: "narrowed" };
        break;
      case "selectRows":
        return this.#models.select(command.selections);
      default:
        return;
    }
    this.#publish();
  }

  /** Stops, and closes the sources. May be called twice. */
  close(): void {
    this.#closed = true;
    for (const timer of [this.#wait, this.#statusTimer]) if (timer !== undefined) this.#timers.clear(timer);
    for (const source of this.#sources) source.close();
  }

  /** A tick of a host has arrived, or its state has changed. */
  changed(source: HostSource): void {
    if (this.#closed) return;
    const { header } = source;
    if (header && this.#headers.get(source) !== header) {
      this.#headers.set(source, header);
      this.#models.connected(source.host.name, header, this.#now());
    }
    if (source.waiting > 0) this.#late.delete(source);
    this.#considerFlush();
    if (source.waiting === 0) this.#publish();
  }

  /** Rejects with an error while ticks were shown or printed, after which the monitor is closed. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  /** Resolves when all ticks that have arrived are shown; after {@linkcode close}, when the one in flight is. */
  async settled(): Promise<void> {
    while (this.#sources.some(({ waiting }) => waiting > 0) && !this.#closed) {
      this.#flush();
      await this.#flushing;
    }
    await this.#flushing;
  }

  #setTools(names: readonly string[]): void {
    const known = new Set(this.#offers().map(({ name }) => name));
    const wanted = names.filter((name) => known.has(name));
    if (wanted.length > 0) this.#names = wanted.slice(0, MAX_PANES);
  }

  /** Shows what has arrived once every host has sent that is in time, or some time after the first. */
  #considerFlush(): void {
    if (this.#isFlushing || this.#sources.every(({ waiting }) => waiting === 0)) return;
    const expected = this.#sources.filter((source) => this.#isExpected(source));
    if (expected.every(({ waiting }) => waiting > 0)) return this.#flush();
    const wait = this.#options.intervalS * 1000;
    this.#wait ??= this.#timers.set(() => {
      for (const source of this.#sources) if (source.waiting === 0) this.#late.add(source);
      this.#flush();
    }, Math.max(WAIT_MS.min, Math.min(WAIT_MS.max, wait)));
  }

  #isExpected(source: HostSource): boolean {
    return source.waiting > 0 || (source.status().state === "running" && !this.#late.has(source));
  }

  #flush(): void {
    if (this.#wait !== undefined) this.#timers.clear(this.#wait);
    this.#wait = undefined;
    if (this.#isFlushing || this.#closed) return;
    this.#isFlushing = true;
    this.#flushing = this.#showWaiting().catch((error) => {
      this.close();
      this.#failure.reject(error);
    }).then(() => {
      this.#isFlushing = false;
      if (!this.#closed) this.#considerFlush();
    });
  }

  /** Shows one tick of each host; before them those of a backlog, and ticks of another length. */
  async #showWaiting(): Promise<void> {
    const parts: HostPart[] = [];
    for (const source of this.#sources) {
      // What arrives while these are shown waits for the next interval, so that no host keeps the others waiting.
      for (let backlog = source.waiting - BACKLOG; backlog > 0; backlog--) await this.#showAlone(source);
      const part = await this.#takePart(source);
      if (part === null) continue;
      if (this.#isSingle || this.#hasUsualLength(part.tick)) parts.push(part);
      else await this.#addInterval([part]);
    }
    if (parts.length > 0) await this.#addInterval(parts);
    this.#publish();
  }

  async #showAlone(source: HostSource): Promise<void> {
    const part = await this.#takePart(source);
    if (part !== null) await this.#addInterval([part]);
  }

  /** Takes the oldest tick of a host, and reports it; null: there is none, or the monitor is closed. */
  async #takePart(source: HostSource): Promise<HostPart | null> {
    const tick = this.#closed ? null : source.take();
    if (tick === null) return null;
    const part = { host: source.host.name, tick };
    const header = this.#headers.get(source);
    if (header) await this.#options.onTick?.(part, header);
    return part;
  }

  /** Whether the ticks of all tools are about an interval long. */
  #hasUsualLength({ toolTicks }: RecordedTick): boolean {
    return [...toolTicks.values()].every(({ intervalS }) => {
      const ratio = intervalS / this.#options.intervalS;
      return ratio < LENGTH_RATIO && ratio > 1 / LENGTH_RATIO;
    });
  }

  async #addInterval(parts: readonly HostPart[]): Promise<void> {
    this.#lastTime = Math.max(this.#lastTime + 1, this.#now());
    for (const _ of this.#models.add(parts, this.#lastTime, this.#shownHosts())) await this.#turn();
    await this.#options.onInterval?.(this.#current());
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  #shownHosts(): ShownHost[] {
    return this.#sources.map((source) => ({
      status: source.status(),
      ...this.#models.seen(source.host.name),
    }));
  }

  /** The tools that panes can show: of all hosts together, then of each one. */
  #offers(): Offer[] {
    const together = this.#models.together.tools.filter(({ tool }) => tool.name !== HOSTS_PANE);
    const apart = this.#isSingle
      ? []
      : this.#sources.flatMap(({ host: { name } }) =>
        this.#models.ofHost(name)!.tools.map((model) => ({ model, host: name }))
      );
    return [
      ...together.map((model) => offerOf(model)),
      ...apart.map(({ model, host }) => ({ ...offerOf(model), host })),
    ];
  }

  #toolNamed(name: string): ToolModel[] {
    const together = this.#models.together.tools.find(({ tool }) => tool.name === name);
    if (together) return [together];
    for (const { host } of this.#sources) {
      const found = this.#models.ofHost(host.name)?.tools.find(({ tool }) => tool.name === name);
      if (found) return [found];
    }
    return [];
  }

  /** The pane of the hosts as they are now: their state changes also when nothing arrives. It has no flags, as it measures nothing. */
  #hostsModel(): ToolModel[] {
    const model = this.#models.together.tools.find(({ tool }) => tool.name === HOSTS_PANE);
    if (!model || this.#names.length >= MAX_PANES) return [];
    const { flags: _, ...pane } = model;
    const tick = hostsTick(this.#shownHosts(), this.#lastTime, this.#options.intervalS);
    return [{ ...pane, state: HOSTS_STATE, tick }];
  }

  /** The chosen tools. Those that run on no host are hidden unless they were named, or there is no other. */
  #chosen(): ToolModel[] {
    const tools = this.#names.flatMap((name) => this.#toolNamed(name));
    if (this.#options.toolsWereNamed) return tools;
    const running = tools.filter(({ state }) => state.kind !== "unavailable");
    return running.length > 0 ? running : tools;
  }

  /** Names hosts that were lost or have reconnected, for a few seconds. */
  #noticeChanges(): void {
    for (const source of this.#sources) {
      const status = source.status();
      const { name, state, reason } = status;
      const before = this.#states.get(source);
      this.#states.set(source, state);
      if (before === state || before === undefined) continue;
      if (reason !== "" && state !== "connecting") {
        this.#notice = { text: `${name}: ${failureMessage(status)}`, kind: "error" };
      } else if (state === "running" && before === "lost") {
        this.#notice = { text: `${name} has reconnected`, kind: "info" };
      }
    }
  }

  #current(): Model {
    this.#noticeChanges();
    return {
      ...this.#models.together,
      tools: [...this.#chosen(), ...this.#hostsModel()],
      offers: this.#offers(),
      pivot: this.#pivot,
      hosts: this.#sources.map((source) => source.status()),
      ...(this.#notice ? { notice: this.#notice } : {}),
    };
  }

  /** Shows the state of the hosts, which changes also when nothing arrives. */
  #poll(): void {
    if (this.#closed) return;
    this.#statusTimer = this.#timers.set(() => this.#poll(), POLL_MS);
    const isQuiet = this.#sources.every((source) => source.status().state === "running");
    if (isQuiet && this.#model.hosts?.every(({ state }) => state === "running")) return;
    this.#publish();
  }

  #publish(): void {
    if (this.#closed) return;
    this.#model = this.#current();
    for (const listener of this.#listeners) listener();
  }
}

const offerOf = ({ tool: { name, summary }, state }: ToolModel): Offer =>
  state.kind === "unavailable"
    ? { name, summary, tier: null, reason: state.reason }
    : { name, summary, tier: state.kind === "running" ? state.tier : "", reason: "" };
