/**
 * The signals that end a run.
 *
 * @module
 */
import { type EndSignal, extendGuard, guardSignals, isIgnored } from "../ffi/mod.ts";

/** How long the event loop may be busy when a signal arrives, seconds; then the signal ends the process. */
const BUSY_LIMIT_S = 5;
/** How long a run may take to end without any progress, seconds. */
const END_LIMIT_S = 15;

/** Listens for the signals that end a run: INT, TERM, and HUP unless nohup(1) or the shell made the process ignore it. */
export class EndSignals {
  readonly #signals: EndSignal[];
  readonly #listener: () => void;

  /**
   * @param onEnd called for the first signal; a second one ends the process
   * @param more signals that end this run too
   */
  constructor(onEnd: () => void, more: readonly EndSignal[] = []) {
    this.#signals = ["SIGINT", "SIGTERM", ...isIgnored("SIGHUP") ? [] : ["SIGHUP"] as const, ...more];
    this.#listener = () => {
      extendGuard(END_LIMIT_S);
      this.close();
      onEnd();
    };
    for (const signal of this.#signals) Deno.addSignalListener(signal, this.#listener);
    guardSignals(this.#signals, BUSY_LIMIT_S);
  }

  /** After a signal: the run makes progress, and may take as long again. */
  extend(): void {
    extendGuard(END_LIMIT_S);
  }

  /** The run has ended: what follows may take as long as it does. */
  static forgetLimit(): void {
    extendGuard(0);
  }

  /** Restores the default actions. May be called twice. */
  close(): void {
    for (const signal of this.#signals.splice(0)) Deno.removeSignalListener(signal, this.#listener);
  }
}
