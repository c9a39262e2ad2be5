/**
 * Reads the keyboard.
 *
 * @module
 */
import { flushInput, type InputEvent, parseInput } from "./input.ts";

/** How long to wait for the rest of a sequence after an ESC, milliseconds. */
const ESC_TIMEOUT_MS = 40;

/** Retry interval for a non-blocking input, milliseconds. */
const RETRY_MS = 20;

/** Where keys come from: standard input, or a test. */
export interface InputSource {
  /** Bytes read into the buffer; null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** Turns the bytes of a source into events, in order. */
export class InputReader {
  readonly #onEvents: (events: readonly InputEvent[]) => void;
  #pending: Uint8Array<ArrayBuffer> = new Uint8Array();
  #timer: number | undefined;

  /** @param onEvents Called with one or more events; never with none. */
  constructor(onEvents: (events: readonly InputEvent[]) => void) {
    this.#onEvents = onEvents;
  }

  /**
   * Reads until the source ends or fails, which on a terminal means that it is gone. Never throws.
   * A read cannot be cancelled: only exiting ends it.
   */
  async run(source: InputSource): Promise<void> {
    const buffer = new Uint8Array(4096);
    while (true) {
      let count: number | null;
      try {
        count = await source.read(buffer);
      } catch (error) {
        if (error instanceof Deno.errors.Interrupted) continue;
        if (error instanceof Deno.errors.WouldBlock) { // another process set O_NONBLOCK
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
          continue;
        }
        count = null; // EIO: the terminal was hung up
      }
      if (count === null || count === 0) break;
      this.#take(parseInput(this.#pending, buffer.subarray(0, count)));
    }
    clearTimeout(this.#timer);
  }

  #take(parsed: { events: readonly InputEvent[]; pending: Uint8Array<ArrayBuffer> }): void {
    clearTimeout(this.#timer);
    this.#pending = parsed.pending;
    if (parsed.pending.length > 0) {
      this.#timer = setTimeout(() => {
        const flushed = flushInput(this.#pending);
        this.#pending = flushed.pending;
        if (flushed.events.length > 0) this.#onEvents(flushed.events);
      }, ESC_TIMEOUT_MS);
    }
    if (parsed.events.length > 0) this.#onEvents(parsed.events);
  }
}
