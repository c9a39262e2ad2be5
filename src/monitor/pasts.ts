/**
 * The pasts of tools that no pane shows at present.
 *
 * @module
 */
import { HISTORY_LIMITS } from "./history/limits.ts";
import type { Past } from "./slot.ts";

/** Pasts that are kept. */
const MOST_PASTS = 4;

/**
 * Keeps the pasts of the tools that were removed last. Each counts as a tool when the memory is shared; it needs no queue,
 * so that it stays within its share although the share becomes smaller.
 */
export class Pasts {
  /** By name of the tool, the oldest removal first. */
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
      if (this.#byName.size <= MOST_PASTS) break;
      this.#byName.delete(oldest);
    }
  }

  /** Returns the past of a tool, which is kept no longer. */
  take(name: string): Past | undefined {
    const past = this.#byName.get(name);
    this.#byName.delete(name);
    return past;
  }

  /** Drops pasts without a tick that a history would still keep. Returns whether there were any. */
  dropOld(time: number): boolean {
    const before = this.count;
    for (const [name, { history }] of this.#byName) {
      if (time - history.times.at(-1)! > HISTORY_LIMITS.ageMs) this.#byName.delete(name);
    }
    return this.count < before;
  }

  clear(): void {
    this.#byName.clear();
  }
}
