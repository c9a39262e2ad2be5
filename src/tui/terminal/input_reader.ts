/**
 * Reads the keyboard.
 *
 * @module
 */
import { joinBursts } from "./bursts.ts";
import { flushInput, type InputEvent, parseInput } from "./input.ts";

/** How long to wait for the rest of a sequence after an ESC, milliseconds. */
const ESC_TIMEOUT_MS = 40;

/** Retry interval for a non-blocking input, milliseconds. */
const RETRY_MS = 20;

/** A paste in a read of at least this many bytes may continue in a read that follows within this time. */
const LONG_READ = 128;
const CONTINUES_MS = 50;
/** How long after a long read short ones may continue it: later they are a key that the user holds down. */
const TAIL_MS = 1000;

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
  /** Monotonic milliseconds until which a read continues the paste of the previous one. */
  #pasteUntil = -Infinity;
  /** The latest that this may become without another long read. */
  #tailUntil = -Infinity;
  readonly #now: () => number;

  /**
   * @param onEvents Called with one or more events; never with none.
   * @param now Monotonic milliseconds.
   */
  constructor(onEvents: (events: readonly InputEvent[]) => void, now = () => performance.now()) {
    this.#onEvents = onEvents;
    this.#now = now;
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
      this.#take(this.#parse(buffer.subarray(0, count)));
    }
    clearTimeout(this.#timer);
  }

  #parse(bytes: Uint8Array): { events: readonly InputEvent[]; pending: Uint8Array<ArrayBuffer> } {
    const { events, pending } = parseInput(this.#pending, bytes);
    const now = this.#now();
    const joined = joinBursts(events, now < this.#pasteUntil);
    const last = joined.at(-1);
    const isPasted = last?.kind === "paste" && !last.bracketed;
    const isLong = bytes.length >= LONG_READ;
    if (isPasted && isLong) this.#tailUntil = now + TAIL_MS;
    if (isPasted && (isLong || now < this.#pasteUntil)) {
      this.#pasteUntil = Math.min(now + CONTINUES_MS, this.#tailUntil);
    }
    return { events: joined, pending };
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
