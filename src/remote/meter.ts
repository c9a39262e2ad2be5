/**
 * Bytes per second over the last seconds.
 *
 * @module
 */
import type { Timers } from "../monitor/mod.ts";

/** Seconds over which the rate is measured. */
const SPAN_S = 4;

/** Counts bytes by the second. */
export class Meter {
  readonly #timers: Pick<Timers, "now">;
  readonly #startMs: number;
  /** Bytes of the last seconds, by number of the second modulo the span. */
  readonly #bytes = new Array<number>(SPAN_S + 1).fill(0);
  #second = 0;

  constructor(timers: Pick<Timers, "now">) {
    this.#timers = timers;
    this.#startMs = timers.now();
  }

  add(bytes: number): void {
    this.#advance();
    this.#bytes[this.#second % (SPAN_S + 1)]! += bytes;
  }

  /** Over the last whole seconds, or those since the start. */
  perSecond(): number {
    this.#advance();
    const now = this.#second % (SPAN_S + 1);
    const sum = this.#bytes.reduce((total, bytes, i) => i === now ? total : total + bytes, 0);
    return sum / Math.max(1, Math.min(SPAN_S, this.#second));
  }

  #advance(): void {
    const second = Math.floor((this.#timers.now() - this.#startMs) / 1000);
    const steps = Math.min(SPAN_S + 1, second - this.#second);
    for (let i = 1; i <= steps; i++) this.#bytes[(second - steps + i) % (SPAN_S + 1)] = 0;
    this.#second = second;
  }
}
