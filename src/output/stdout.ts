/**
 * Standard output as a place that may close, block or be full.
 *
 * @module
 */

import { KtopError } from "../errors.ts";

/** Milliseconds before a pipe that was full (O_NONBLOCK set by whoever shares it) is tried again. */
const RETRY_MS = 10;

/** Writes whole strings, one after another, each flushed before the promise resolves. */
export class StandardOutput {
  #closed = false;
  readonly #onClosed: () => void;

  /** @param onClosed Called once when the reader has gone (EPIPE): the run ends, with exit code 0. */
  constructor(onClosed: () => void) {
    this.#onClosed = onClosed;
  }

  /** True once the reader has gone; later writes do nothing. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Writes all of `text`. Throws KtopError with what the system says where it is not a closed pipe: a full disk, an I/O error. */
  async write(text: string): Promise<void> {
    let rest = new TextEncoder().encode(text);
    while (rest.length > 0 && !this.#closed) {
      try {
        rest = rest.subarray(await Deno.stdout.write(rest));
      } catch (error) {
        if (error instanceof Deno.errors.WouldBlock) {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        } else if (error instanceof Deno.errors.BrokenPipe) {
          this.#closed = true;
          this.#onClosed();
        } else {
          const why = error instanceof Error ? error.message : String(error);
          throw new KtopError(`Standard output cannot be written: ${why}.`, { cause: error });
        }
      }
    }
  }
}
