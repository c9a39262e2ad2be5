/**
 * Lets the streams of all hosts run one after another, each in a separate turn of the event loop.
 *
 * @module
 */

/** Keys and frames are handled between two chunks, however many hosts send at once. */
export class Gate {
  #last: Promise<void> = Promise.resolve();

  /** Waits for the turns of those that came before, then for the event loop. */
  pass(): Promise<void> {
    return this.#last = this.#last.then(() => new Promise((resolve) => setTimeout(resolve)));
  }
}
