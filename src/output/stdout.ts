/**
 * Writes to standard output, which may be closed, non-blocking or full.
 *
 * @module
 */

import { KtopError } from "../errors.ts";

/** Delay before retrying a full pipe, milliseconds. Another process that shares it may have set O_NONBLOCK. */
const RETRY_MS = 10;

/** Writes strings; each is fully written when its promise resolves. */
export class StandardOutput {
  #closed = false;
  readonly #onClosed: () => void;

  /** @param onClosed Called once if the reader closes the pipe (EPIPE), which ends the run with exit code 0. */
  constructor(onClosed: () => void) {
    this.#onClosed = onClosed;
  }

  /** True once the reader has closed the pipe; later writes do nothing. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Writes all of `text`. Throws KtopError for a full disk or an I/O error. */
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
          const reason = error instanceof Error ? error.message : String(error);
          throw new KtopError(`Cannot write to standard output: ${reason}.`, { cause: error });
        }
      }
    }
  }
}
