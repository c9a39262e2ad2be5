/**
 * Drains ring buffers between ticks: often while they fill quickly, not at all while an interval leaves room.
 *
 * @module
 */
import { type RingArrival, ringArrival } from "../bpf/mod.ts";
import type { Backlog } from "../tools/mod.ts";
import { realTimers, type Timers } from "./clock.ts";

/**
 * Delay before the poller waits for a ring that fills, and while it cannot: milliseconds. A ring of 4 MiB holds 400 ms of 10 MB/s. Twice
 * between ticks of a second.
 */
const QUIET_MS = 350;
/** Delay after a poll that found a ring filling; it doubles with each poll that did not. */
const BUSY_MS = 22;

/** Maximum time of polls before the event loop runs again and handles keys, milliseconds. */
const TURN_MS = 10;

/** When a poll that starts now has to end. */
export const pollDeadline = (): number => performance.now() + TURN_MS;

const URGENCY: readonly Backlog[] = ["more", "filling", "quiet"];

/** The most urgent of several backlogs. */
export const mostUrgent = (backlogs: readonly Backlog[]): Backlog =>
  URGENCY.find((one) => backlogs.includes(one)) ?? "empty";

/**
 * Calls `poll` repeatedly: at once when it left records, soon when a ring was filling, else when a BPF program reports that one fills:
 * wakeup_flags() in bpf/lib/emit.bpf.h.
 */
export class Poller {
  readonly #poll: () => Backlog;
  readonly #timers: Timers;
  #timer: number | undefined;
  #delayMs = 0;
  readonly #arrival: () => RingArrival | null;
  #awaited: RingArrival | null = null;

  /** @param arrival Waits until a ring fills; null: it cannot. */
  constructor(
    poll: () => Backlog,
    timers: Timers = realTimers,
    arrival: () => RingArrival | null = ringArrival,
  ) {
    this.#poll = poll;
    this.#timers = timers;
    this.#arrival = arrival;
  }

  /** Starts polling. */
  start(): void {
    this.#arm(QUIET_MS);
  }

  /** Stops polling. */
  stop(): void {
    this.#awaited?.cancel();
    this.#awaited = null;
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
      else if (backlog === "filling") this.#arm(BUSY_MS);
      else if (delayMs === QUIET_MS) this.#await();
      else this.#arm(Math.max(BUSY_MS, Math.min(2 * delayMs, QUIET_MS)));
    }, delayMs);
  }

  async #await(): Promise<void> {
    const arrival = this.#arrival();
    if (arrival === null) return this.#arm(QUIET_MS);
    this.#timer = undefined;
    this.#awaited = arrival;
    await arrival.arrived;
    if (this.#awaited !== arrival) return;
    this.#awaited = null;
    this.#arm(0);
  }
}
