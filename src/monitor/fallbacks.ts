/**
 * Tools that take the place of tools which the kernel cannot run.
 *
 * @module
 */
import { UnsupportedError } from "../errors.ts";
import type { Slot } from "./slot.ts";

/** Which slots may be replaced, and by which tools. */
export class Fallbacks {
  #names: readonly string[];
  #replaceable: Set<Slot>;

  /** @param names tools, the best first; none: nothing is replaced */
  constructor(names: readonly string[], slots: readonly Slot[]) {
    this.#names = names;
    this.#replaceable = new Set(names.length > 0 ? slots : []);
  }

  /** Whether a slot that was opened for the first time is to be replaced: the kernel cannot run its tool. */
  shallReplace(slot: Slot): boolean {
    return this.#replaceable.delete(slot) && slot.failure instanceof UnsupportedError;
  }

  /**
   * Opens tools one after another until one runs. Returns null if none does.
   *
   * @param make a slot for this tool; null: it is shown already, or not offered
   * @param isWanted whether the place is still to be filled by this tool; asked after opening, which takes time
   */
  async open(make: (name: string) => Slot | null, isWanted: (name: string) => boolean): Promise<Slot | null> {
    for (const name of this.#names) {
      const next = make(name);
      if (!next) continue;
      await next.open(next.invalidate());
      if (isWanted(name) && next.state.kind === "running") return next;
      next.close();
    }
    return null;
  }
}
