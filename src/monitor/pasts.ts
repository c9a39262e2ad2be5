/**
 * The histories of removed tools, which continue when the tools are shown again.
 *
 * @module
 */
import type { ToolModel, ToolState } from "../model/mod.ts";
import { toolModel } from "./history/history.ts";
import { HISTORY_LIMITS } from "./history/limits.ts";
import type { Past } from "./slot.ts";

/** The state of a removed tool. */
const REMOVED: ToolState = { kind: "unavailable", reason: "It was not shown at this time.", remedy: "" };

/** Maximum number of tools. */
const MAX_PASTS = 4;

/**
 * Keeps the pasts of the most recently removed tools. Each counts as one tool when memory is divided. It has no event queue,
 * so it stays within its share even when the share shrinks.
 */
export class Pasts {
  /** By tool name, in the order of removal. */
  readonly #byName = new Map<string, Past>();

  get count(): number {
    return this.#byName.size;
  }

  /** Keeps the past of a removed tool. */
  add(name: string, past: Past): void {
    if (past.history.times.length === 0) return;
    this.#byName.delete(name);
    this.#byName.set(name, past);
    for (const oldest of this.#byName.keys()) {
      if (this.#byName.size <= MAX_PASTS) break;
      this.#byName.delete(oldest);
    }
  }

  /** Removes and returns the past of a tool. */
  take(name: string): Past | undefined {
    const past = this.#byName.get(name);
    this.#byName.delete(name);
    return past;
  }

  /** Drops pasts whose newest tick is older than a history keeps. Returns whether any were dropped. */
  dropOld(time: number): boolean {
    const before = this.count;
    for (const [name, { history }] of this.#byName) {
      if (time - history.times.at(-1)! > HISTORY_LIMITS.ageMs) this.#byName.delete(name);
    }
    return this.count < before;
  }

  /** The removed tools with what is kept of them, in the order of removal. */
  models(): ToolModel[] {
    return Array.from(this.#byName.values(), ({ tool, history, flags, pastFlags }) => ({
      ...toolModel({ tool, state: REMOVED, tick: null, history }),
      flags,
      pastFlags,
    }));
  }

  clear(): void {
    this.#byName.clear();
  }
}
