/**
 * A run of ticks that ends after a count, after a duration, on a signal, or when the reader of its output exits.
 *
 * @module
 */
import { ExitCode } from "../errors.ts";
import { callAfter, Clock } from "../monitor/mod.ts";

/** Signals that end a run with exit code 0, and their numbers. */
const END_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Maximum wait at the end of a run for a reader that does not read, milliseconds. */
const STALL_MS = 3000;

/** The end signals that are not ignored: nohup(1) and shells set those to ignored that must not end a program. */
function endSignals(): Deno.Signal[] {
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1] ?? "0";
  return Object.entries(END_SIGNALS).flatMap(([name, number]) =>
    (BigInt(`0x${ignored}`) >> BigInt(number - 1)) & 1n ? [] : [name as Deno.Signal]
  );
}

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
  #ended = false;
  readonly #signals = endSignals();
  #stalled: number | undefined;
  readonly #onSignal = (): void => this.#endOnSignal();

  constructor(length: RunLength) {
    this.#length = length;
    for (const signal of this.#signals) Deno.addSignalListener(signal, this.#onSignal);
  }

  /** True once `end()` was called, also before `run()`. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Ends the run after the current tick. */
  end(): void {
    this.#ended = true;
    this.#end?.();
  }

  /** Ends the run; exits if the reader does not read the rest. A second signal ends the program at once. */
  #endOnSignal(): void {
    this.#ignoreSignals();
    this.end();
    if (!this.#end) return; // tools are still attaching
    this.#stalled = setTimeout(() => {
      console.error("ktop: the reader of standard output stopped reading; the last lines were dropped");
      Deno.exit(ExitCode.done);
    }, STALL_MS);
  }

  #ignoreSignals(): void {
    for (const signal of this.#signals.splice(0)) Deno.removeSignalListener(signal, this.#onSignal);
  }

  /**
   * Ticks until the end. Calls of `onTick` never overlap: an interval that passes during a call is merged into the next.
   * A run that ends between two ticks ends with one more, shorter tick, so that no count is lost.
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
      if (this.#ended) this.#end();
      else clock.start();
    });
    await busy;
    if (failure) throw failure.error;
    if (ticks < count) await onTick();
    clearTimeout(this.#stalled);
  }

  /** Removes the signal handlers. */
  close(): void {
    clearTimeout(this.#stalled);
    this.#ignoreSignals();
  }
}
