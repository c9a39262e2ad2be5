/**
 * The live monitor behind the screen: attaches the tools one after another, ticks them together, keeps their
 * history, and hands out a new model after every change.
 *
 * @module
 */
import { releaseUnusedCode } from "../bpf/mod.ts";
import { KtopError } from "../errors.ts";
import { resolveColumns } from "../tools/columns.ts";
import type { FlagValue, Tick, Tool, ToolOptions } from "../tools/tool.ts";
import { Clock } from "./clock.ts";
import { History } from "./history.ts";
import { readHost, SelfMeter } from "./host.ts";
import type { Model, ToolModel, ToolState } from "./model.ts";
import { Poller } from "./poller.ts";
import { ProbeCost } from "./probe_cost.ts";
import { Runner } from "./runner.ts";

/** How often code that is not used any more is dropped from memory: compiling and rare keys run through much. Milliseconds. */
const RELEASE_MS = 30_000;

/** A tool the monitor was asked to run. */
export interface ToolRequest {
  readonly tool: Tool;
  readonly options: ToolOptions;
}

/** One tool's place in the monitor. */
class Slot {
  readonly #base: Tool;
  options: ToolOptions;
  tool: Tool;
  runner: Runner | null = null;
  state: ToolState = { kind: "attaching" };
  tick: Tick | null = null;
  history = History.empty;
  /** Why the tool is unavailable, as it was thrown. */
  failure: unknown = null;

  constructor({ tool, options }: ToolRequest) {
    this.#base = tool;
    this.options = options;
    this.tool = resolveColumns(tool, options);
  }

  async open(): Promise<void> {
    this.close();
    try {
      this.runner = await Runner.open(this.#base, this.options);
      this.state = { kind: "running", tier: this.runner.tier, missing: this.runner.missing };
    } catch (error) {
      this.fail(error);
    }
  }

  /** Changes a flag; it counts from the next open(). */
  setFlag(name: string, value: FlagValue): void {
    this.options = { ...this.options, flags: { ...this.options.flags, [name]: value } };
    this.tool = resolveColumns(this.#base, this.options);
  }

  /** One interval is over. */
  advance(): void {
    if (!this.runner) return;
    try {
      this.tick = this.runner.tick();
      this.history = this.history.add(this.tick, this.tool);
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.close();
    this.failure = error;
    const reason = error instanceof Error ? error.message : String(error);
    this.state = { kind: "unavailable", reason, remedy: error instanceof KtopError ? error.remedy : "" };
  }

  close(): void {
    this.runner?.close();
    this.runner = null;
  }

  model(): ToolModel {
    const { tool, state, tick, history } = this;
    const { events, eventsDropped, series, histograms, lost } = history;
    return { tool, state, tick, events, eventsDropped, series, histograms, lost };
  }
}

/** Runs tools for a screen. Nothing is attached before {@linkcode Monitor.start}. */
export class Monitor {
  readonly #slots: readonly Slot[];
  readonly #clock: Clock;
  readonly #meter = new SelfMeter();
  readonly #cost = new ProbeCost();
  readonly #listeners: (() => void)[] = [];
  #model: Model;
  readonly #poller = new Poller(() => this.#slots.filter(({ runner }) => runner?.poll()).length > 0);
  #closed = false;
  /** Monotonic milliseconds when code was last dropped. */
  #releasedAt = Infinity;
  /** Opens and re-opens happen one after another. */
  #opening: Promise<void> = Promise.resolve();

  constructor(requests: readonly ToolRequest[], intervalS: number) {
    this.#slots = requests.map((request) => new Slot(request));
    this.#clock = new Clock(intervalS, () => this.tick());
    this.#model = {
      host: readHost(),
      self: this.#meter.measure(),
      intervalS,
      time: Date.now(),
      tools: this.#slots.map((slot) => slot.model()),
    };
  }

  /** The latest snapshot. */
  model(): Model {
    return this.#model;
  }

  /** Calls back after every change of the model. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Attaches the tools one after another, without blocking; ticks begin at once. Resolves when all have been tried. */
  start(): Promise<void> {
    this.#clock.start();
    return this.attach();
  }

  /** As {@linkcode Monitor.start}, but ticks come only from {@linkcode Monitor.tick}. */
  attach(): Promise<void> {
    this.#poller.start();
    for (const slot of this.#slots) this.#open(slot);
    return this.#opening.then(() => this.#release());
  }

  /** What was thrown by the tools that are unavailable. */
  failures(): readonly unknown[] {
    return this.#slots.filter(({ state }) => state.kind === "unavailable").map(({ failure }) => failure);
  }

  /** Ends an interval: every running tool is sampled, and the model is new. */
  tick(): void {
    for (const slot of this.#slots) slot.advance();
    this.#cost.advance(this.#running());
    if (performance.now() - this.#releasedAt > RELEASE_MS) this.#release();
    const self = { ...this.#meter.measure(), probesMsPerS: this.#cost.msPerS() };
    this.#publish({ host: readHost(), self });
  }

  /** Changes the interval, seconds. */
  setInterval(seconds: number): void {
    this.#clock.setInterval(seconds);
    this.#publish({ intervalS: seconds });
  }

  /** Forgets history, events, histograms and losses. */
  clear(): void {
    for (const slot of this.#slots) slot.history = History.empty;
    this.#cost.clear();
    this.#publish({});
  }

  /** Switches between regular files and all file types in the tools that know the difference. Re-attaches them. */
  toggleAll(): void {
    for (const slot of this.#slots) {
      if (!slot.tool.flags.some(({ name }) => name === "all-types")) continue;
      slot.setFlag("all-types", !slot.options.flags["all-types"]);
      slot.tick = null;
      this.#open(slot);
    }
  }

  /** Measures what ktop's own BPF programs cost, in a pane after the others; or ends that. */
  toggleCost(): void {
    this.#cost.toggle(this.#running());
    this.#publish({ self: { ...this.#model.self, probesMsPerS: null } });
  }

  /** Stops sampling and detaches everything. May be called twice. */
  close(): void {
    this.#closed = true;
    this.#clock.stop();
    this.#poller.stop();
    this.#cost.close();
    for (const slot of this.#slots) slot.close();
  }

  #running(): Runner[] {
    return this.#slots.flatMap(({ runner }) => runner ?? []);
  }

  #open(slot: Slot): void {
    slot.close();
    slot.state = { kind: "attaching" };
    this.#publish({});
    this.#opening = this.#opening.then(async () => {
      if (this.#closed) return;
      await slot.open();
      if (this.#closed) slot.close();
      else this.#publish({});
    });
  }

  #release(): void {
    this.#releasedAt = performance.now();
    releaseUnusedCode();
  }

  #publish(changes: Partial<Model>): void {
    this.#model = {
      ...this.#model,
      ...changes,
      time: Date.now(),
      tools: [...this.#slots.map((slot) => slot.model()), ...this.#cost.models()],
    };
    for (const listener of this.#listeners) listener();
  }
}
