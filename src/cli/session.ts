/**
 * A run of ticks that ends after a count, after a duration, on a signal, or when the reader of its output exits.
 *
 * @module
 */
import { callAfter, Clock } from "../monitor/mod.ts";
import { EndSignals } from "./end_signals.ts";
import { StandardOutput } from "../output/mod.ts";
import { printMessage, STANDARD_OUTPUT } from "./standard_streams.ts";

/** How often the end of a run checks whether its reader still reads, milliseconds. */
const STALL_CHECK_MS = 100;
/**
 * Successive checks without progress that end the run: three seconds. Counted instead of measured, because on a busy machine
 * the event loop may be late to see a write that has ended.
 */
const STALL_CHECKS = 30;

/**
 * Bytes of one write: many for a fast reader, few once a write was slow, and after a signal. write(2) to a pipe returns when all
 * of them are taken, and only then shows progress.
 */
const WRITE_BYTES = { fast: 64 * 1024, slow: 4096 } as const;
/** A write that takes longer is slow, milliseconds. */
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
  /** A write took long: the reader may be slow again. */
  #isSlow = false;

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
    const most = this.#isSlow || this.#stallTimer !== undefined ? WRITE_BYTES.slow : WRITE_BYTES.fast;
    const taken = await STANDARD_OUTPUT.write(bytes.subarray(0, most));
    this.#isSlow ||= performance.now() - start > SLOW_WRITE_MS;
    if (taken > 0) {
      this.#blockedSince = null;
      if (this.#stallTimer !== undefined) this.#signals.extend();
    }
    return taken;
  }

  /** Ends the run; exits if the reader then reads nothing for three seconds. */
  #endOnSignal(): void {
    this.end();
    let before: number | null = null;
    let checks = 0;
    this.#stallTimer ??= setInterval(() => {
      checks = this.#blockedSince !== null && this.#blockedSince === before ? checks + 1 : 0;
      before = this.#blockedSince;
      if (checks < STALL_CHECKS) return;
      printMessage("the reader of standard output stopped reading; the last lines were dropped");
      Deno.exit(); // with the exit code of a command that was followed
    }, STALL_CHECK_MS);
  }

  /**
   * Ticks until the end. Calls of `onTick` never overlap: an interval that ends during a call is merged into the next.
   * A run that ends between two ticks calls it once more, for a shorter tick, so that no counts are lost.
   *
   * @param onTick `isLast`: no tick follows.
   */
  async run(onTick: (isLast: boolean) => Promise<void>): Promise<void> {
    const { intervalS, count = Infinity, durationS } = this.#length;
    const beforeDeadline = durationS === undefined ? Infinity : Math.ceil(durationS / intervalS - 1e-9) - 1;
    let ticks = 0;
    let busy: Promise<void> | null = null;
    let failure: { error: unknown } | undefined;
    const step = async (): Promise<void> => {
      try {
        await onTick(ticks + 1 >= count);
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
    if (ticks < count) await onTick(true);
  }

  /** Removes the signal handlers. */
  close(): void {
    clearInterval(this.#stallTimer);
    this.#signals.close();
  }
}
