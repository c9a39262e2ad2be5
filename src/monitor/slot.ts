/**
 * The tool of a pane: its options, its runner, its state and its history.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import {
  type FlagValue,
  type History,
  type IdFilter,
  keptOrders,
  type PastFlags,
  type RowOrder,
  type RowSelection,
  type RowTest,
  type Tick,
  type ToolInfo,
  type ToolModel,
  type ToolState,
} from "../model/mod.ts";
import { type Backlog, type Tool, type ToolOptions, withColumnsFor } from "../tools/mod.ts";
import { turns, yieldToEventLoop } from "./clock.ts";
import { addTick, NO_HISTORY, restartSums, toolModel } from "./history/history.ts";
import { HISTORY_LIMITS } from "./history/limits.ts";
import type { ToolLimits } from "./memory.ts";
import { pollDeadline } from "./poller.ts";
import { RowCounter } from "./row_counter.ts";
import { Runner } from "./runner.ts";

/** Maximum turns of the event loop in which the events of an interval are decoded at its end. */
const MAX_TURNS = 20;

/** Adds flags that were in use until now. */
const withPast = (past: readonly PastFlags[], flags: PastFlags["flags"]): readonly PastFlags[] =>
  [...past, { until: Date.now(), flags }].slice(-HISTORY_LIMITS.pastFlags);

/** A tool to run, and its options. */
export interface ToolRequest {
  readonly tool: Tool;
  readonly options: ToolOptions;
}

/** The history of a tool, with its flags, and the process that it was filtered by at the end. */
export interface Past {
  readonly tool: ToolInfo;
  readonly pid: IdFilter | undefined;
  readonly history: History;
  readonly flags: Readonly<Record<string, FlagValue>>;
  readonly pastFlags: readonly PastFlags[];
}

/** When each tool was attached first, by name: from then on its rows count their seconds. CLOCK_MONOTONIC, nanoseconds. */
export type ToolStarts = Map<string, number>;

/** One tool of the monitor, attached or not. */
export class Slot {
  readonly #base: ToolRequest;
  options: ToolOptions;
  tool: Tool;
  runner: Runner | null = null;
  state: ToolState = { kind: "attaching" };
  tick: Tick | null = null;
  history = NO_HISTORY;
  pastFlags: readonly PastFlags[] = [];
  #limits: ToolLimits;
  #counter: RowCounter | null = null;
  readonly #starts: ToolStarts;
  /** The error that made the tool unavailable. */
  failure: unknown = null;
  /** Incremented by each invalidate(): a superseded open is discarded. */
  #generation = 0;

  /** @param starts To be shared by the slots of a session. */
  constructor(request: ToolRequest, limits: ToolLimits, starts: ToolStarts = new Map()) {
    this.#base = request;
    this.#limits = limits;
    this.#starts = starts;
    this.options = request.options;
    this.tool = withColumnsFor(request.tool, request.options);
  }

  /** The runner; null while the slot is invalidated. */
  get active(): Runner | null {
    return this.state.kind === "running" ? this.runner : null;
  }

  /** Stops sampling and returns the generation for the next open(). Supersedes any open() in flight. */
  invalidate(): number {
    this.state = { kind: "attaching" };
    return ++this.#generation;
  }

  isCurrent(generation: number): boolean {
    return generation === this.#generation;
  }

  async open(generation: number): Promise<void> {
    this.close();
    try {
      const runner = await Runner.open(this.#base.tool, this.options, this.#limits);
      if (!this.isCurrent(generation)) return runner.close();
      runner.limit(this.#limits.queue);
      const startNs = runner.countFrom(this.#starts.get(this.tool.name) ?? null);
      if (startNs !== null) this.#starts.set(this.tool.name, startNs);
      this.runner = runner;
      this.#watch();
      this.state = { kind: "running", tier: runner.tier, missing: runner.missing };
    } catch (error) {
      if (this.isCurrent(generation)) this.fail(error);
    }
  }

  /**
   * Filters by a process, or as originally requested; takes effect with the next open(). The past stays; histograms are
   * summed again, because they cannot be narrowed.
   */
  narrow(pid: number | undefined): void {
    const filters = { ...this.options.filters, pid: pid ?? this.#base.options.filters.pid };
    if (filters.pid === this.options.filters.pid) return;
    this.options = { ...this.options, filters };
    this.tick = null;
    this.history = restartSums(this.history, Date.now());
  }

  /** What is kept of the tool while no pane shows it. */
  past(): Past {
    const { options: { filters, flags }, tool, history, pastFlags } = this;
    return { tool, pid: filters.pid, history, flags, pastFlags };
  }

  /** Continues the past of a tool that was shown before. */
  continue({ pid, history, flags, pastFlags }: Past): void {
    const now = this.options.flags;
    const sameFlags = JSON.stringify(flags) === JSON.stringify(now);
    const same = pid === this.options.filters.pid && sameFlags;
    this.pastFlags = sameFlags ? pastFlags : withPast(pastFlags, flags);
    this.history = same ? history : restartSums(history, Date.now());
  }

  /** Throws UsageError or KtopError if the tool refuses these flags. */
  checkFlags(flags: Readonly<Record<string, FlagValue>>): void {
    this.#base.tool.configure({ ...this.options, flags });
  }

  /**
   * Replaces the flags; takes effect with the next open(). The past stays; histograms are summed again, because they may
   * have counted something else, or in another unit.
   */
  setFlags(flags: Readonly<Record<string, FlagValue>>): void {
    const options = { ...this.options, flags };
    this.pastFlags = withPast(this.pastFlags, this.options.flags);
    this.history = restartSums(this.history, Date.now());
    this.options = options;
    this.tool = withColumnsFor(this.#base.tool, options);
    this.tick = null;
  }

  /** Drops events, ticks and the flags that they were measured with. */
  clear(): void {
    this.history = NO_HISTORY;
    this.pastFlags = [];
  }

  /** Limits what is kept; the history follows with the next tick. */
  limit(limits: ToolLimits): void {
    this.#limits = limits;
    this.active?.limit(limits.queue);
  }

  /** Applies the filter, the groups and the order of a pane to the rows before they are dropped; null: none. */
  select(selection: RowSelection | null): void {
    if (selection === (this.#counter?.selection ?? null)) return;
    this.#counter = selection && new RowCounter(selection, this.tool);
    this.#watch();
  }

  /** The orders whose first rows are kept. */
  get #orders(): readonly RowOrder[] {
    return keptOrders(this.tool, this.#counter?.selection.order ?? null);
  }

  /** Whether events are decoded as they arrive: to be counted, or to keep the longest. */
  get #isWatched(): boolean {
    return this.tool.view === "events" && (this.#counter !== null || this.#orders.length > 0);
  }

  #watch(): void {
    const counter = this.#counter;
    counter?.restart();
    const onArrival = this.#isWatched ? counter?.count ?? (() => false) : null;
    const isComplete = this.runner?.watch(onArrival, this.#orders);
    if (isComplete === false) counter?.markIncomplete();
  }

  /** Drains the ring buffer between ticks, until `deadline` at the latest. */
  poll(deadline: number): Backlog {
    try {
      return this.active?.poll(deadline) ?? "empty";
    } catch (error) {
      this.fail(error);
      return "empty";
    }
  }

  /** Before the end of an interval: decodes events that have arrived, if they are decoded as they arrive, for one turn of the event loop. */
  drain(): Backlog {
    return this.#isWatched ? this.poll(pollDeadline()) : "empty";
  }

  /** As {@linkcode Runner.finish}. */
  finish(): void {
    try {
      this.active?.finish();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Ends an interval. */
  advance(): void {
    const runner = this.active;
    if (!runner) return;
    try {
      const { tick, test } = this.#counted(runner.tick());
      this.tick = tick;
      this.#lookForMissing(runner);
      this.history = addTick(this.history, tick, this.tool, this.#limits.history, {
        test,
        orders: this.#orders,
      });
    } catch (error) {
      this.fail(error);
    }
  }

  /** What was missing may be there by now. */
  #lookForMissing({ missing }: Runner): void {
    const { state } = this;
    const isSame = state.kind !== "running" || missing.length === state.missing.length;
    if (!isSame) this.state = { ...state, missing };
  }

  /** A tick with the number of rows that the pane selects, and the test that they pass. */
  #counted(tick: Tick): { tick: Tick; test: RowTest | null } {
    const counter = this.#counter;
    if (counter === null) return { tick, test: null };
    const test = counter.test(tick.intervalS);
    if (this.tool.view === "events") {
      const counted = counter.take(tick.intervalS);
      return { tick: counted ? { ...tick, counted } : tick, test };
    }
    if (test === null) return { tick, test };
    // Test each row once: a table may have ten thousand.
    const passed = new Set(tick.rows.filter(test));
    const counted = { filter: counter.selection.filter, by: null, passed: passed.size };
    return { tick: { ...tick, counted }, test: (row) => passed.has(row) };
  }

  fail(error: unknown): void {
    this.close();
    this.tick = null;
    this.failure = error;
    const reason = error instanceof Error ? error.message : String(error);
    this.state = { kind: "unavailable", reason, remedy: error instanceof KtopError ? error.remedy : "" };
  }

  close(): void {
    this.runner?.close();
    this.runner = null;
  }

  model(): ToolModel {
    return { ...toolModel(this), flags: this.options.flags, pastFlags: this.pastFlags };
  }
}

/**
 * Ends the interval of each running slot. The event loop runs in between, because in a flood of events four of them take longer
 * than a key may wait. Skips slots that were invalidated, re-opened or closed after the call.
 */
export async function advanceInTurns(slots: readonly Slot[], endTurn = turns()): Promise<void> {
  const runners = slots.map((slot) => slot.active);
  for (const [i, slot] of slots.entries()) {
    const isSame = (): boolean => slot.active !== null && slot.active === runners[i];
    for (let turn = 0; turn < MAX_TURNS && isSame() && slot.drain() === "more"; turn++) {
      await yieldToEventLoop();
    }
    if (!isSame()) continue;
    slot.advance();
    await endTurn();
  }
}
