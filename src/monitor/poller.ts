/**
 * Drains ring buffers between ticks, more often while they fill quickly.
 *
 * @module
 */
import type { Backlog } from "../tools/mod.ts";
import { realTimers, type Timers } from "./clock.ts";

/** Delay while rings stay nearly empty, milliseconds: a ring of 4 MiB holds 400 ms of 10 MB/s. Twice between ticks of a second. */
const QUIET_MS = 350;
/** Delay after a poll that found a ring filling; it doubles with each poll that did not. */
const BUSY_MS = 22;

/** Maximum time of polls before the event loop runs again and handles keys, milliseconds. */
const TURN_MS = 10;

/** When a poll that starts now has to end. */
export const pollDeadline = (): number => performance.now() + TURN_MS;

/** The most urgent of several backlogs. */
export function mostUrgent(backlogs: readonly Backlog[]): Backlog {
  return backlogs.find((one) => one === "more") ?? backlogs.find((one) => one === "filling") ?? "quiet";
}

/** Calls `poll` repeatedly: at once when it left records, soon when a ring was filling. */
export class Poller {
  readonly #poll: () => Backlog;
  readonly #timers: Timers;
  #timer: number | undefined;
  #delayMs = 0;

  constructor(poll: () => Backlog, timers: Timers = realTimers) {
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

  /** Waits for the whole delay again if the rings were nearly empty, because they were just drained. */
  postpone(): void {
    if (this.#timer === undefined || this.#delayMs !== QUIET_MS) return;
    this.stop();
    this.#arm(QUIET_MS);
  }

  #arm(delayMs: number): void {
    this.#delayMs = delayMs;
    this.#timer = this.#timers.set(() => {
      const backlog = this.#poll();
      if (backlog === "more") this.#arm(0);
      else this.#arm(backlog === "filling" ? BUSY_MS : Math.max(BUSY_MS, Math.min(2 * delayMs, QUIET_MS)));
    }, delayMs);
  }
}
