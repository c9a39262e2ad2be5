/**
 * A run that ends: after a count, after a duration, at a signal, or when its reader has gone.
 *
 * @module
 */
import { Clock } from "../monitor/mod.ts";

/** Signals that end a run cleanly, with exit code 0. */
const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

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
  readonly #onSignal = (): void => this.end();

  constructor(length: RunLength) {
    this.#length = length;
    for (const signal of END_SIGNALS) Deno.addSignalListener(signal, this.#onSignal);
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
      const deadline = durationS === undefined ? undefined : setTimeout(() => this.end(), durationS * 1000);
      this.#end = () => {
        clock.stop();
        clearTimeout(deadline);
        resolve();
      };
      if (this.#ended) this.#end();
      else clock.start();
    });
    await busy;
    if (failure) throw failure.error;
    if (ticks < count) await onTick();
  }

  /** Gives the signals back. */
  close(): void {
    for (const signal of END_SIGNALS) Deno.removeSignalListener(signal, this.#onSignal);
  }
}
