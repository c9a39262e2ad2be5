/**
 * A run that ends: after a count, after a duration, at a signal, or when its reader has gone.
 *
 * @module
 */
import { ExitCode } from "../errors.ts";
import { callAfter, Clock } from "../monitor/mod.ts";

/** Signals that end a run cleanly, with exit code 0, and their numbers. */
const END_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** How long the end waits for a reader that takes nothing, milliseconds. */
const STALL_MS = 3000;

/** Those of the signals that are not ignored: nohup(1) and shells have a program ignore what is not to end it. */
function endSignals(): Deno.Signal[] {
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1] ?? "0";
  return Object.entries(END_SIGNALS).flatMap(([name, number]) =>
    (BigInt(`0x${ignored}`) >> BigInt(number - 1)) & 1n ? [] : [name as Deno.Signal]
  );
}

/** How long a run lasts. */
export interface RunLength {
  readonly intervalS: number;
  /** Ticks before the end. */
  readonly count?: number;
  /** Seconds before the end; what the last whole interval left over is a shorter tick. */
  readonly durationS?: number;
}

/** A run of ticks. `end()` may be called by anyone; the promise of `run()` resolves when the last tick was handled. */
export class Session {
  readonly #length: RunLength;
  #end: (() => void) | undefined;
  #ended = false;
  readonly #signals = endSignals();
  #stalled: number | undefined;
  readonly #onSignal = (): void => this.#endSoon();

  constructor(length: RunLength) {
    this.#length = length;
    for (const signal of this.#signals) Deno.addSignalListener(signal, this.#onSignal);
  }

  /** True once the run is to end: what prepares a run gives up early. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Ends the run after the tick in hand. */
  end(): void {
    this.#ended = true;
    this.#end?.();
  }

  /** Ends the run, also where its reader has stopped reading; a second signal ends the program at once. */
  #endSoon(): void {
    this.#ignoreSignals();
    this.end();
    if (!this.#end) return; // it has not begun: tools attach, which takes as long as it takes
    this.#stalled = setTimeout(() => {
      console.error("ktop: ended without the last lines, which nobody read");
      Deno.exit(ExitCode.done);
    }, STALL_MS);
  }

  #ignoreSignals(): void {
    for (const signal of this.#signals.splice(0)) Deno.removeSignalListener(signal, this.#onSignal);
  }

  /**
   * Ticks until the end. `onTick` is never run twice at once: an interval that passes while it waits is part of the
   * next. A run that ends between two ticks ends with one more, shorter tick, so that nothing counted is lost.
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

  /** Gives the signals back. */
  close(): void {
    clearTimeout(this.#stalled);
    this.#ignoreSignals();
  }
}
