/**
 * The live monitor: attaches tools one after another, ticks them together, and publishes a new model after every change.
 *
 * @module
 */
import { detachAfterExit } from "../bpf/mod.ts";
import type { Backlog } from "../tools/mod.ts";
import { KtopError } from "../errors.ts";
import {
  type FlagValue,
  hasPattern,
  type Model,
  type MonitorCapabilities,
  type MonitorCommand,
  type RowSelection,
  type Snapshot,
} from "../model/mod.ts";
import { loadPatterns } from "../text/mod.ts";
import { Clock } from "./clock.ts";
import { dispatch, liveCapabilities } from "./commands.ts";
import { Fallbacks } from "./fallbacks.ts";
import { addSnapshot } from "./history/history.ts";
import { SelfMeter } from "./host.ts";
import { HostFigures } from "./host_figures.ts";
import { planOffers, unknownOffers } from "./offers.ts";
import { limitsOf, MAX_MEMORY, type MonitorLimits } from "./memory.ts";
import { MemoryRelease } from "./memory_release.ts";
import { OpeningQueue } from "./opening_queue.ts";
import { Pasts } from "./pasts.ts";
import { mostUrgent, pollDeadline, Poller } from "./poller.ts";
import { ProbeCost } from "./probe_cost.ts";
import { ProcessLog } from "./process_log.ts";
import { ProcessPivot, ProcessWatch } from "./process_focus.ts";
import { restrictionsOf } from "./restrictions.ts";
import type { Runner } from "./runner.ts";
import { advanceInTurns, Slot, type ToolRequest, type ToolStarts } from "./slot.ts";

/** The flag of tools that count only regular files by default. */
const ALL_TYPES = "all-types";

/** Runs tools for a screen. Attaches nothing before {@linkcode Monitor.start}. */
export class Monitor {
  #selections: readonly RowSelection[] = [];
  #slots: readonly Slot[];
  readonly #offers: readonly ToolRequest[];
  readonly #pasts = new Pasts();
  readonly #starts: ToolStarts = new Map();
  #fallbacks: Fallbacks;
  readonly #pivot = new ProcessPivot();
  readonly #processes = new ProcessLog();
  readonly #watch = new ProcessWatch(this.#processes, () => this.#publish({}));
  readonly #clock: Clock;
  readonly #meter = new SelfMeter();
  readonly #host: HostFigures;
  readonly #cost = new ProbeCost();
  readonly #listeners: (() => void)[] = [];
  #model: Model;
  readonly #poller = new Poller(() => this.#poll());
  readonly #limits: MonitorLimits;
  /** The tick in progress. */
  #ticking: Promise<void> | null = null;
  /** Index of the tool that was polled last. */
  #lastPolled = 0;
  #closed = false;
  readonly #memory = new MemoryRelease();
  readonly #openings = new OpeningQueue();

  /**
   * @param offers Tools that {@linkcode Monitor.setTools} may add.
   * @param fallbacks Offered tools; the first that runs replaces a requested tool that the kernel cannot run.
   */
  constructor(
    requests: readonly ToolRequest[],
    intervalS: number,
    offers: readonly ToolRequest[] = [],
    limits: MonitorLimits = { maxMemory: MAX_MEMORY.default },
    fallbacks: readonly string[] = [],
  ) {
    this.#offers = offers;
    this.#limits = limits;
    this.#host = new HostFigures(limits.measuresMachine);
    const shared = limitsOf(limits, requests.length);
    this.#slots = requests.map((request) => new Slot(request, shared, this.#starts));
    this.#fallbacks = new Fallbacks(fallbacks, this.#slots);
    this.#clock = new Clock(intervalS, () => void this.tick());
    this.#model = {
      host: this.#host.measure(),
      self: this.#meter.measure(),
      intervalS,
      time: Date.now(),
      tools: this.#slots.map((slot) => slot.model()),
      snapshots: [],
      ...(offers.length > 0 ? { offers: unknownOffers(offers) } : {}),
      restrictions: restrictionsOf(requests),
      pivot: null,
      watched: null,
    };
  }

  /** The latest model. */
  model(): Model {
    return this.#model;
  }

  /** Calls back after every change of the model. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Starts the clock and attaches the tools one after another. Resolves when each is attached or has failed. */
  start(): Promise<void> {
    this.#clock.start();
    return this.attach();
  }

  /** As {@linkcode Monitor.start}, without the clock: the caller calls {@linkcode Monitor.tick}. */
  attach(): Promise<void> {
    this.#poller.start();
    this.#open(this.#slots);
    return this.#openings.done.then(() => this.#memory.release());
  }

  /** The errors of the unavailable tools. */
  failures(): readonly unknown[] {
    return this.#slots.filter(({ state }) => state.kind === "unavailable").map(({ failure }) => failure);
  }

  /**
   * Ends an interval: samples the running tools one after another, and publishes the model when all are sampled. The event
   * loop runs between two tools. Resolves after the publication; a call during a tick resolves with that tick.
   */
  tick(): Promise<void> {
    return this.#ticking ??= this.#tick().finally(() => this.#ticking = null);
  }

  /** The next tick is the last one: it also has the rows of what has not ended. */
  finish(): void {
    for (const slot of this.#slots) slot.finish();
  }

  async #tick(): Promise<void> {
    this.#pivot.check();
    // The filter may change between two tools: the samples belong to this one.
    const { pivot } = this.#pivot;
    await advanceInTurns(this.#slots);
    if (this.#closed) return;
    this.#poller.postpone();
    this.#followProcesses();
    this.#watch.check();
    this.#cost.advance(this.#running());
    const { intervalS } = this.#model;
    const self = {
      ...this.#meter.measure(),
      probesMsPerS: this.#cost.msPerS(),
      mapBytes: this.#cost.mapBytes(),
    };
    this.#memory.check(this.#meter.fileBytes);
    const snapshot: Snapshot = { host: this.#host.measure(), self, intervalS, time: Date.now(), pivot };
    if (this.#pasts.dropOld(snapshot.time)) this.#shareMemory();
    this.#publish(snapshot, addSnapshot(this.#model.snapshots, snapshot));
  }

  /** Changes the interval, seconds. */
  setInterval(seconds: number): void {
    this.#clock.setInterval(seconds);
    this.#publish({ intervalS: seconds });
  }

  /** Clears history, events, histograms and losses, including the kept history of removed tools. */
  clear(): void {
    for (const slot of this.#slots) slot.clear();
    this.#pasts.clear();
    this.#processes.clear();
    this.#cost.clear();
    this.#publish({}, []);
  }

  /** Applies filters and groups to the rows of tools before rows are dropped; tools that are not named have none. */
  selectRows(selections: readonly RowSelection[]): void {
    this.#selections = selections;
    for (const slot of this.#slots) this.#select(slot);
  }

  /** Switches the tools that have the flag between regular files and all file types. Re-attaches them. */
  toggleAllTypes(): void {
    const slots = this.#slots.filter(({ tool }) => tool.flags.some(({ name }) => name === ALL_TYPES));
    const all = !slots.some(({ options }) => options.flags[ALL_TYPES] === true);
    for (const slot of slots) slot.setFlags({ ...slot.options.flags, [ALL_TYPES]: all });
    this.#open(slots);
  }

  /**
   * Replaces the flags of a shown tool and re-attaches it; its history is kept. Publishes a notice, with the reason if the
   * tool refuses the flags. Resolves when the tool is attached or has failed.
   */
  async setFlags(name: string, flags: Readonly<Record<string, FlagValue>>): Promise<void> {
    const slot = this.#slots.find(({ tool }) => tool.name === name);
    if (!slot) return;
    if (hasPattern(slot.tool.flags, flags)) await loadPatterns();
    try {
      slot.checkFlags(flags);
    } catch (error) {
      if (!(error instanceof KtopError)) throw error;
      return this.#publish({
        notice: {
          text: `Cannot set the flags of ${name}: ${error.message}`,
          kind: "error",
          refusedFlags: name,
        },
      });
    }
    slot.setFlags(flags);
    this.#publish({
      notice: { text: `${name} re-attaches with new flags; its history is kept`, kind: "info" },
    });
    this.#open([slot]);
    await this.#openings.done;
  }

  /**
   * Shows these tools in this order; names that are neither shown nor offered are ignored. Tools already shown keep their
   * history; removed ones are detached, new ones attached. A tool that was removed earlier continues its kept history.
   * Resolves when each is attached or has failed.
   *
   * @param spares Offered tools: the first that runs replaces a tool that the kernel cannot run. Absent: no tool is replaced.
   */
  setTools(names: readonly string[], spares?: readonly string[]): Promise<void> {
    const left = [...this.#slots];
    const added: Slot[] = [];
    this.#slots = names.flatMap((name) => {
      const at = left.findIndex(({ tool }) => tool.name === name);
      if (at >= 0) return left.splice(at, 1);
      const request = this.#offers.find(({ tool }) => tool.name === name);
      if (!request) return [];
      const slot = this.#newSlot(request, names.length);
      const past = this.#pasts.take(name);
      if (past) slot.continue(past);
      added.push(slot);
      return [slot];
    });
    for (const slot of left) {
      this.#pasts.add(slot.tool.name, slot.past());
      this.#openings.remove(slot);
    }
    this.#shareMemory();
    if (spares === undefined) {
      this.#open(added);
    } else {
      this.#fallbacks = new Fallbacks(spares, this.#slots.filter(({ state }) => state.kind !== "running"));
      this.#model = { ...this.#model, replacements: [] };
      this.#open(this.#slots.filter((slot) => added.includes(slot) || slot.state.kind === "unavailable"));
    }
    return this.#openings.done;
  }

  /** Plans which of the offered tools can run on this kernel, and publishes the result. */
  async listTools(): Promise<void> {
    this.#publish({ offers: await planOffers(this.#offers) });
  }

  /**
   * Filters every tool, in the kernel, by the process with this process or thread id; null removes the filter. Re-attaches
   * the tools; past ticks are not changed. Resolves when each is attached or has failed.
   */
  setPivot(id: number | null): Promise<void> {
    const changed = this.#pivot.set(id, this.#model);
    const narrowed = changed ? this.#slots : [];
    for (const slot of narrowed) slot.narrow(this.#pivot.pid);
    this.#open(narrowed);
    return this.#openings.done;
  }

  /** Reads and watches the process with this process or thread id and a cgroup, for the model's `watched`; null stops. */
  watch(id: number | null, cgroupId?: number): void {
    this.#watch.set(id, cgroupId);
    this.#publish({});
  }

  /** Adds or removes the probes pane, which measures ktop's own BPF programs. */
  toggleCost(): void {
    this.#cost.toggle(this.#running());
    this.#publish({ self: { ...this.#model.self, probesMsPerS: null, mapBytes: null } });
  }

  /** The followed command has ended. Ends an interval first: a tick in flight may lack the command's last rows. */
  async onFollowedCommandEnd(exitCode: number): Promise<void> {
    await this.#ticking;
    await this.tick();
    this.#publish({ commandExit: exitCode });
  }

  /** Detaches everything. May be called twice. */
  close(): void {
    this.#closed = true;
    this.#clock.stop();
    this.#poller.stop();
    this.#cost.close();
    this.#processes.close();
    this.#host.close();
    this.#meter.close();
    if (this.#limits.closedAtExit) detachAfterExit();
    this.#openings.close();
    for (const slot of this.#slots) {
      slot.invalidate();
      slot.close();
    }
  }

  /** The commands that {@linkcode Monitor.perform} supports. */
  get capabilities(): MonitorCapabilities {
    return liveCapabilities(this.#offers.length > 0);
  }

  /** Starts a command without waiting for it to finish. */
  perform(command: MonitorCommand): void {
    dispatch(this, command);
  }

  /** Polls the tools in turn. If the time runs out at one, the next poll starts at the one after it. */
  #poll(): Backlog {
    const deadline = pollDeadline();
    const slots = this.#slots;
    const backlogs: Backlog[] = [];
    for (let i = 0; i < slots.length && backlogs.at(-1) !== "more"; i++) {
      this.#lastPolled = (this.#lastPolled + 1) % slots.length;
      backlogs.push(slots[this.#lastPolled]!.poll(deadline));
    }
    return mostUrgent(backlogs);
  }

  #followProcesses(): void {
    if (!this.#limits.keepProcesses) return;
    this.#processes.check();
    this.#processes.follow(this.#slots.flatMap(({ tick }) => tick ?? []));
  }

  #shareMemory(): void {
    const limits = limitsOf(this.#limits, this.#slots.length + this.#pasts.count);
    for (const slot of this.#slots) slot.limit(limits);
  }

  /** A slot, one of so many, that is narrowed and selects rows as the others do. */
  #newSlot(request: ToolRequest, count: number): Slot {
    const slot = new Slot(request, limitsOf(this.#limits, count), this.#starts);
    slot.narrow(this.#pivot.pid);
    this.#select(slot);
    return slot;
  }

  #select(slot: Slot): void {
    slot.select(this.#selections.find(({ tool }) => tool === slot.tool.name) ?? null);
  }

  #running(): Runner[] {
    return this.#slots.flatMap(({ active }) => active ?? []);
  }

  /** Re-attaches slots one after another; until then they are published as attaching. */
  #open(slots: readonly Slot[]): void {
    this.#openings.open(slots, async (slot) => {
      if (this.#fallbacks.shallReplace(slot)) await this.#replace(slot);
      if (!this.#closed) this.#publish({});
    });
    this.#publish({});
  }

  /** Replaces a slot by the first fallback that runs. */
  async #replace(slot: Slot): Promise<void> {
    const isShown = (name: string): boolean => this.#slots.some(({ tool }) => tool.name === name);
    const next = await this.#fallbacks.open(
      (name) => {
        const request = this.#offers.find(({ tool }) => tool.name === name);
        return request && !isShown(name) ? this.#newSlot(request, this.#slots.length) : null;
      },
      (name) => !this.#closed && this.#slots.includes(slot) && !isShown(name),
    );
    if (!next) return;
    this.#slots = this.#slots.map((shown) => shown === slot ? next : shown);
    this.#shareMemory();
    const replacements = [...this.#model.replacements ?? [], { tool: slot.tool.name, by: next.tool.name }];
    this.#publish({ replacements });
  }

  #publish(
    changes: Partial<Snapshot & Pick<Model, "offers" | "replacements" | "notice" | "commandExit">>,
    snapshots = this.#model.snapshots,
  ): void {
    this.#model = {
      ...this.#model,
      time: Date.now(),
      ...changes,
      snapshots,
      tools: [...this.#slots.map((slot) => slot.model()), ...this.#cost.models()],
      removed: this.#pasts.models(),
      pivot: this.#pivot.pivot,
      watched: this.#watch.watched,
    };
    for (const listener of this.#listeners) listener();
  }
}
