/**
 * Drains ring buffers between ticks, more often while they fill quickly.
 *
 * @module
 */
import { realTimers, type Timers } from "./clock.ts";

/** Delay while rings stay nearly empty, milliseconds: a ring of 4 MiB holds 400 ms of 10 MB/s. */
const QUIET_MS = 300;
/** Delay after a poll that found a ring filling; it doubles with each poll that did not. */
const BUSY_MS = 20;

/** Calls `poll` repeatedly, sooner again when it returns true: a ring was filling. */
export class Poller {
  readonly #poll: () => boolean;
  readonly #timers: Timers;
  #timer: number | undefined;

  constructor(poll: () => boolean, timers: Timers = realTimers) {
    this.#poll = poll;
    this.#timers = timers;
  }

  /** Starts polling. */
  start(): void {
    this.#arm(QUIET_MS);
  }

  /** Stops polling. */
  stop(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
  }

  #arm(delayMs: number): void {
    this.#timer = this.#timers.set(
      () => this.#arm(this.#poll() ? BUSY_MS : Math.min(2 * delayMs, QUIET_MS)),
      delayMs,
    );
  }
}
