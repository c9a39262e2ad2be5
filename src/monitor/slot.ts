/**
 * The tool of a pane: its options, its runner, its state and its history.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import type { FlagValue, PastFlags, Tick, ToolModel, ToolState } from "../model/mod.ts";
import { type Backlog, type Tool, type ToolOptions, withColumnsFor } from "../tools/mod.ts";
import { addTick, NO_HISTORY } from "./history/history.ts";
import { toolModel } from "./history/rewind.ts";
import type { ToolLimits } from "./memory.ts";
import { Runner } from "./runner.ts";

/** Maximum changes of flags that are remembered. */
const MAX_PAST_FLAGS = 100;

/** A tool to run, and its options. */
export interface ToolRequest {
  readonly tool: Tool;
  readonly options: ToolOptions;
}

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
  /** The error that made the tool unavailable. */
  failure: unknown = null;
  /** Incremented by each invalidate(): a superseded open is discarded. */
  #generation = 0;

  constructor(request: ToolRequest, limits: ToolLimits) {
    this.#base = request;
    this.#limits = limits;
    this.options = request.options;
    this.tool = withColumnsFor(request.tool, request.options);
  }

  /** The runner; null while the slot is invalidated. */
  get active(): Runner | null {
    return this.state.kind === "running" ? this.runner : null;
  }

  /** Stops sampling until an open() with the generation that it returns. Supersedes any open() in flight. */
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
      const runner = await Runner.open(this.#base.tool, this.options, this.#limits.queue);
      if (!this.isCurrent(generation)) return runner.close();
      runner.limit(this.#limits.queue);
      this.runner = runner;
      this.state = { kind: "running", tier: runner.tier, missing: runner.missing };
    } catch (error) {
      if (this.isCurrent(generation)) this.fail(error);
    }
  }

  /** Filters by a process, or as originally requested; takes effect with the next open(). Clears the history. */
  narrow(pid: number | undefined): void {
    const filters = { ...this.options.filters, pid: pid ?? this.#base.options.filters.pid };
    this.options = { ...this.options, filters };
    this.tick = null;
    this.clear();
  }

  /** Throws UsageError or KtopError if the tool refuses these flags. */
  checkFlags(flags: Readonly<Record<string, FlagValue>>): void {
    this.#base.tool.configure({ ...this.options, flags });
  }

  /** Replaces the flags; takes effect with the next open(). Keeps the history. */
  setFlags(flags: Readonly<Record<string, FlagValue>>): void {
    const options = { ...this.options, flags };
    this.pastFlags = [...this.pastFlags, { until: Date.now(), flags: this.options.flags }].slice(
      -MAX_PAST_FLAGS,
    );
    this.options = options;
    this.tool = withColumnsFor(this.#base.tool, options);
    this.tick = null;
  }

  /** Forgets events, ticks and what they were measured with. */
  clear(): void {
    this.history = NO_HISTORY;
    this.pastFlags = [];
  }

  /** Limits what is kept; the history follows with the next tick. */
  limit(limits: ToolLimits): void {
    this.#limits = limits;
    this.active?.limit(limits.queue);
  }

  /** Drains the ring buffer between ticks, until `deadline` at the latest. */
  poll(deadline: number): Backlog {
    try {
      return this.active?.poll(deadline) ?? "quiet";
    } catch (error) {
      this.fail(error);
      return "quiet";
    }
  }

  /** Ends an interval. */
  advance(): void {
    if (!this.active) return;
    try {
      this.tick = this.active.tick();
      this.history = addTick(this.history, this.tick, this.tool, this.#limits.history);
    } catch (error) {
      this.fail(error);
    }
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
