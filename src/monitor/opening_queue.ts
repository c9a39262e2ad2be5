/**
 * Attaches and detaches slots one after another, because loading blocks the event loop.
 *
 * @module
 */
import { yieldToEventLoop } from "./clock.ts";
import type { Slot } from "./slot.ts";

/** What is to be attached and detached, in order. */
export class OpeningQueue {
  #last: Promise<void> = Promise.resolve();
  /** Removed slots that are not closed yet. */
  readonly #removed = new Set<Slot>();
  #isClosed = false;

  /** Resolves when all that was added so far is done. */
  get done(): Promise<void> {
    return this.#last;
  }

  /** Attaches slots again, each unless it is superseded by then. Each takes tens of milliseconds. */
  open(slots: readonly Slot[], onOpened: (slot: Slot) => Promise<void>): void {
    for (const slot of slots) {
      const generation = slot.invalidate();
      this.#add(async () => {
        if (this.#isClosed || !slot.isCurrent(generation)) return;
        await slot.open(generation);
        await onOpened(slot);
      });
    }
  }

  /** Detaches a slot that is no longer shown. */
  remove(slot: Slot): void {
    slot.invalidate();
    this.#removed.add(slot);
    this.#add(() => {
      slot.close();
      this.#removed.delete(slot);
    });
  }

  /** Attaches nothing more, and detaches the removed slots now. */
  close(): void {
    this.#isClosed = true;
    for (const slot of this.#removed) slot.close();
  }

  #add(step: () => void | Promise<void>): void {
    this.#last = this.#last.then(yieldToEventLoop).then(step);
  }
}
