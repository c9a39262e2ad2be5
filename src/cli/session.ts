/**
 * A run of ticks that ends after a count, after a duration, on a signal, or when the reader of its output exits.
 *
 * @module
 */
import { ExitCode } from "../errors.ts";
import { callAfter, Clock } from "../monitor/mod.ts";
import { EndSignals } from "./end_signals.ts";
import { StandardOutput } from "../output/mod.ts";
import { printMessage, STANDARD_OUTPUT } from "./standard_streams.ts";

/** How long a run that ends on a signal waits for a reader that does not read, milliseconds. */
const STALL_MS = 3000;
/** How often a stalled reader is checked for, milliseconds. */
const STALL_CHECK_MS = 100;

/**
 * Bytes of one write. write(2) to a pipe returns when all of them are taken, so they become fewer for a slow reader: progress
 * shows in time.
 */
const WRITE_BYTES = { least: 4096, most: 64 * 1024 } as const;
/** A write that takes longer is one to a slow reader, milliseconds. */
const SLOW_WRITE_MS = 200;

/** Length of a run. */
export interface RunLength {
  readonly intervalS: number;
  /** Number of ticks. */
  readonly count?: number;
  /** Seconds. The time after the last whole interval is a shorter tick. */
  readonly durationS?: number;
}

/** A run of ticks. `end()` may be called at any time; `run()` resolves after the last tick was handled. */
export class Session {
  readonly #length: RunLength;
  #end: (() => void) | undefined;
  readonly #ended = Promise.withResolvers<void>();
  #isEnded = false;
  readonly #signals = new EndSignals(() => this.#endOnSignal());
  /** Checks for a stalled reader; set after a signal. */
  #stallTimer: number | undefined;
  /** Start of the write in flight, or of its last progress, monotonic milliseconds; null while nothing is being written. */
  #blockedSince: number | null = null;
  #writeBytes: number = WRITE_BYTES.most;

  constructor(length: RunLength) {
    this.#length = length;
  }

  /** True once `end()` was called, also before `run()`. */
  get ended(): boolean {
    return this.#isEnded;
  }

  /** Ends the run after the current tick. */
  end(): void {
    this.#isEnded = true;
    this.#ended.resolve();
    this.#end?.();
  }

  /** Waits for work that precedes `run()`. If the run ends first, returns undefined at once. */
  async beforeEnd<T>(work: Promise<T>): Promise<T | undefined> {
    return await Promise.race([work, this.#ended.promise.then(() => undefined)]);
  }

  /** Standard output of the run. The run ends when its reader exits, and after a signal also when it stops reading. */
  output(): StandardOutput {
    return new StandardOutput({ write: (bytes) => this.#writeSome(bytes) }, () => this.end());
  }

  async #writeSome(bytes: Uint8Array): Promise<number> {
    const start = performance.now();
    this.#blockedSince ??= start;
    const taken = await STANDARD_OUTPUT.write(bytes.subarray(0, this.#writeBytes));
    const isSlow = performance.now() - start > SLOW_WRITE_MS;
    this.#writeBytes = isSlow ? WRITE_BYTES.least : Math.min(2 * this.#writeBytes, WRITE_BYTES.most);
    if (taken > 0) {
      this.#blockedSince = null;
      if (this.#stallTimer !== undefined) this.#signals.extend();
    }
    return taken;
  }

  /** Ends the run; exits if the reader then reads nothing for {@linkcode STALL_MS}. */
  #endOnSignal(): void {
    this.end();
    const signalled = performance.now();
    this.#stallTimer ??= setInterval(() => {
      if (this.#blockedSince === null) return;
      if (performance.now() - Math.max(signalled, this.#blockedSince) < STALL_MS) return;
      printMessage("the reader of standard output stopped reading; the last lines were dropped");
      Deno.exit(ExitCode.done);
    }, STALL_CHECK_MS);
  }

  /**
   * Ticks until the end. Calls of `onTick` never overlap: an interval that ends during a call is merged into the next.
   * A run that ends between two ticks calls it once more, for a shorter tick, so that no counts are lost.
   */
  async run(onTick: () => Promise<void>): Promise<void> {
    const { intervalS, count = Infinity, durationS } = this.#length;
    const beforeDeadline = durationS === undefined ? Infinity : Math.ceil(durationS / intervalS - 1e-9) - 1;
    let ticks = 0;
    let busy: Promise<void> | null = null;
    let failure: { error: unknown } | undefined;
    const step = async (): Promise<void> => {
      try {
        await onTick();
        if (++ticks >= count) this.end();
      } catch (error) {
        failure = { error };
        this.end();
      } finally {
        busy = null;
      }
    };
    const clock = new Clock(intervalS, () => {
      if (!busy && ticks < beforeDeadline) busy = step();
    });
    await new Promise<void>((resolve) => {
      const cancel = durationS === undefined ? null : callAfter(durationS * 1000, () => this.end());
      this.#end = () => {
        clock.stop();
        cancel?.();
        resolve();
      };
      if (this.#isEnded) this.#end();
      else clock.start();
    });
    await busy;
    if (failure) throw failure.error;
    if (ticks < count) await onTick();
  }

  /** Removes the signal handlers. */
  close(): void {
    clearInterval(this.#stallTimer);
    this.#signals.close();
  }
}
