/**
 * The live monitor behind the screen: attaches the tools one after another, ticks them together, keeps their
 * history, and hands out a new model after every change.
 *
 * @module
 */
import { releaseUnusedCode } from "../bpf/mod.ts";
import type { Model, Snapshot } from "../model/mod.ts";
import { Clock } from "./clock.ts";
import { NO_HISTORY } from "./history/history.ts";
import { addSnapshot } from "./history/rewind.ts";
import { readHost, SelfMeter } from "./host.ts";
import { planOffers, unknownOffers } from "./offers.ts";
import { Poller } from "./poller.ts";
import { ProbeCost } from "./probe_cost.ts";
import { ProcessPivot, ProcessWatch } from "./process_focus.ts";
import type { Runner } from "./runner.ts";
import { Slot, type ToolRequest } from "./slot.ts";

/** How often code that is not used any more is dropped from memory: compiling and rare keys run through much. Milliseconds. */
const RELEASE_MS = 30_000;

/** Name of the flag of tools that tell regular files from all files. */
const ALL_TYPES = "all-types";

/** Lets what waits in the event loop go first: keys, frames. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Runs tools for a screen. Nothing is attached before {@linkcode Monitor.start}. */
export class Monitor {
  #slots: readonly Slot[];
  /** Slots that are no longer shown, until they are closed. */
  readonly #dropped = new Set<Slot>();
  readonly #offers: readonly ToolRequest[];
  readonly #pivot = new ProcessPivot();
  readonly #watch = new ProcessWatch(() => this.#publish({}));
  readonly #clock: Clock;
  readonly #meter = new SelfMeter();
  readonly #cost = new ProbeCost();
  readonly #listeners: (() => void)[] = [];
  #model: Model;
  readonly #poller = new Poller(() => this.#slots.filter((slot) => slot.poll()).length > 0);
  #closed = false;
  /** Monotonic milliseconds when code was last dropped. */
  #releasedAt = Infinity;
  /** Opens and re-opens happen one after another. */
  #opening: Promise<void> = Promise.resolve();

  /** @param offers tools that {@linkcode Monitor.setTools} may be asked for */
  constructor(requests: readonly ToolRequest[], intervalS: number, offers: readonly ToolRequest[] = []) {
    this.#offers = offers;
    this.#slots = requests.map((request) => new Slot(request));
    this.#clock = new Clock(intervalS, () => this.tick());
    this.#model = {
      host: readHost(),
      self: this.#meter.measure(),
      intervalS,
      time: Date.now(),
      tools: this.#slots.map((slot) => slot.model()),
      snapshots: [],
      ...(offers.length > 0 ? { offers: unknownOffers(offers) } : {}),
      pivot: null,
      watched: null,
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
    this.#open(this.#slots);
    return this.#opening.then(() => this.#release());
  }

  /** What was thrown by the tools that are unavailable. */
  failures(): readonly unknown[] {
    return this.#slots.filter(({ state }) => state.kind === "unavailable").map(({ failure }) => failure);
  }

  /** Ends an interval: every running tool is sampled, and the model is new. */
  tick(): void {
    for (const slot of this.#slots) slot.advance();
    this.#pivot.check();
    this.#watch.check();
    this.#cost.advance(this.#running());
    if (performance.now() - this.#releasedAt > RELEASE_MS) this.#release();
    const { intervalS } = this.#model;
    const self = { ...this.#meter.measure(), probesMsPerS: this.#cost.msPerS() };
    const moment: Snapshot = { host: readHost(), self, intervalS, time: Date.now() };
    this.#publish(moment, addSnapshot(this.#model.snapshots, moment));
  }

  /** Changes the interval, seconds. */
  setInterval(seconds: number): void {
    this.#clock.setInterval(seconds);
    this.#publish({ intervalS: seconds });
  }

  /** Forgets history, events, histograms and losses. */
  clear(): void {
    for (const slot of this.#slots) slot.history = NO_HISTORY;
    this.#cost.clear();
    this.#publish({}, []);
  }

  /** Switches between regular files and all file types in the tools that know the difference. Re-attaches them. */
  toggleAll(): void {
    const slots = this.#slots.filter(({ tool }) => tool.flags.some(({ name }) => name === ALL_TYPES));
    const all = !slots.some(({ options }) => options.flags[ALL_TYPES] === true);
    for (const slot of slots) {
      slot.setFlag(ALL_TYPES, all);
      slot.tick = null;
    }
    this.#open(slots);
  }

  /**
   * Shows these tools, in this order, of those shown and those on offer. Tools that are shown already go on with their
   * history; others are detached or attached meanwhile. Resolves when all have been tried.
   */
  setTools(names: readonly string[]): Promise<void> {
    const left = [...this.#slots];
    const added: Slot[] = [];
    this.#slots = names.flatMap((name) => {
      const at = left.findIndex(({ tool }) => tool.name === name);
      if (at >= 0) return left.splice(at, 1);
      const request = this.#offers.find(({ tool }) => tool.name === name);
      if (!request) return [];
      const slot = new Slot(request);
      slot.narrow(this.#pivot.pid);
      added.push(slot);
      return [slot];
    });
    for (const slot of left) this.#drop(slot);
    this.#open(added);
    return this.#opening;
  }

  /** Finds out which of the tools on offer can run here. */
  async listTools(): Promise<void> {
    this.#publish({ offers: await planOffers(this.#offers) });
  }

  /**
   * Narrows every tool to the process of this process or thread id, in the kernel; null widens again. Re-attaches the
   * tools, which forget what they counted. Resolves when all have been tried.
   */
  setPivot(id: number | null): Promise<void> {
    const changed = this.#pivot.set(id);
    if (changed) { for (const slot of this.#slots) slot.narrow(this.#pivot.pid); }
    this.#open(changed ? this.#slots : []);
    return this.#opening;
  }

  /** Reads and watches the process of this process or thread id, for the model's `watched`; null ends it. */
  watch(id: number | null): void {
    this.#watch.set(id);
    this.#publish({});
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
    for (const slot of [...this.#slots, ...this.#dropped]) {
      slot.begin();
      slot.close();
    }
  }

  #running(): Runner[] {
    return this.#slots.flatMap(({ active }) => active ?? []);
  }

  /**
   * Re-attaches slots, one after another. An opening keeps the program busy for tens of milliseconds, so the screen
   * is told before the first.
   */
  #open(slots: readonly Slot[]): void {
    const turns = slots.map((slot) => slot.begin());
    this.#publish({});
    slots.forEach((slot, i) => {
      const turn = turns[i]!;
      this.#opening = this.#opening.then(breathe).then(async () => {
        if (this.#closed || !slot.isTurn(turn)) return;
        await slot.open(turn);
        if (!this.#closed) this.#publish({});
      });
    });
  }

  /** Detaches a slot that is no longer shown, in its turn. */
  #drop(slot: Slot): void {
    slot.begin();
    this.#dropped.add(slot);
    this.#opening = this.#opening.then(breathe).then(() => {
      slot.close();
      this.#dropped.delete(slot);
    });
  }

  #release(): void {
    this.#releasedAt = performance.now();
    releaseUnusedCode();
  }

  #publish(changes: Partial<Snapshot & Pick<Model, "offers">>, snapshots = this.#model.snapshots): void {
    this.#model = {
      ...this.#model,
      time: Date.now(),
      ...changes,
      snapshots,
      tools: [...this.#slots.map((slot) => slot.model()), ...this.#cost.models()],
      pivot: this.#pivot.pivot,
      watched: this.#watch.watched,
    };
    for (const listener of this.#listeners) listener();
  }
}
