/**
 * A pane's tool: asked for, attached, sampled, re-attached, with its history.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import type { FlagValue, Tick, ToolModel, ToolState } from "../model/mod.ts";
import { type Tool, type ToolOptions, withColumnsFor } from "../tools/mod.ts";
import { addTick, NO_HISTORY } from "./history/history.ts";
import { toolModel } from "./history/rewind.ts";
import { Runner } from "./runner.ts";

/** A tool the monitor was asked to run. */
export interface ToolRequest {
  readonly tool: Tool;
  readonly options: ToolOptions;
}

/** One tool's place in the monitor. */
export class Slot {
  readonly #base: ToolRequest;
  options: ToolOptions;
  tool: Tool;
  runner: Runner | null = null;
  state: ToolState = { kind: "attaching" };
  tick: Tick | null = null;
  history = NO_HISTORY;
  /** Why the tool is unavailable, as it was thrown. */
  failure: unknown = null;
  /** Counts what was asked of this slot: an opening that something else overtook comes to nothing. */
  #turn = 0;

  constructor(request: ToolRequest) {
    this.#base = request;
    this.options = request.options;
    this.tool = withColumnsFor(request.tool, request.options);
  }

  /** The runner while it counts: not one that is about to be closed. */
  get active(): Runner | null {
    return this.state.kind === "running" ? this.runner : null;
  }

  /** From now on the slot counts nothing, until an open() with the turn returned. */
  begin(): number {
    this.state = { kind: "attaching" };
    return ++this.#turn;
  }

  isTurn(turn: number): boolean {
    return turn === this.#turn;
  }

  async open(turn: number): Promise<void> {
    this.close();
    try {
      const runner = await Runner.open(this.#base.tool, this.options);
      if (!this.isTurn(turn)) return runner.close();
      this.runner = runner;
      this.state = { kind: "running", tier: runner.tier, missing: runner.missing };
    } catch (error) {
      if (this.isTurn(turn)) this.fail(error);
    }
  }

  /** Narrows to a process, or to what was asked for at the start; it counts from the next open(), with nothing kept. */
  narrow(pid: number | undefined): void {
    const filters = { ...this.options.filters, pid: pid ?? this.#base.options.filters.pid };
    this.options = { ...this.options, filters };
    this.tick = null;
    this.history = NO_HISTORY;
  }

  /** Changes a flag; it counts from the next open(). */
  setFlag(name: string, value: FlagValue): void {
    this.options = { ...this.options, flags: { ...this.options.flags, [name]: value } };
    this.tool = withColumnsFor(this.#base.tool, this.options);
  }

  /** Empties rings between ticks. True: a ring was filling. */
  poll(): boolean {
    try {
      return this.active?.poll() ?? false;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  /** One interval is over. */
  advance(): void {
    if (!this.active) return;
    try {
      this.tick = this.active.tick();
      this.history = addTick(this.history, this.tick, this.tool);
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
    return { ...toolModel(this), flags: this.options.flags };
  }
}
