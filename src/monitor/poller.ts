/**
 * Empties rings between ticks: seldom while little comes, often while much does.
 *
 * @module
 */
import { realTimers, type Timers } from "./clock.ts";

/** Delay while rings stay nearly empty: a ring of 4 MiB takes 10 MB a second for longer than that. Milliseconds. */
const QUIET_MS = 300;
/** Delay after a poll that found a ring filling; it doubles with each poll that found none. */
const BUSY_MS = 20;

/** Calls `poll` again and again; what it returns says whether a ring was filling, and how soon the next call comes. */
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

  /** No poll comes after this. */
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
