/**
 * The clock: ticks at equal steps of the monotonic clock, and does not catch up in a burst.
 *
 * @module
 */

/** The smallest and the largest interval, seconds. */
export const INTERVAL_RANGE = { min: 0.1, max: 3600 } as const;

/** Time and timers; tests replace them. */
export interface Timers {
  /** Monotonic milliseconds. */
  now(): number;
  set(callback: () => void, delayMs: number): number;
  clear(id: number): void;
}

/** The timers of the event loop. */
export const realTimers: Timers = {
  now: () => performance.now(),
  set: (callback, delayMs) => setTimeout(callback, delayMs),
  clear: (id) => clearTimeout(id),
};

/** Lets pending keys and frames run. */
export const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** How long work may block keys before the event loop runs, milliseconds. */
const TURN_MS = 4;

/**
 * Makes a function that yields to the event loop when the work since it last did so has taken {@linkcode TURN_MS}. A yield costs a
 * timer, a wake-up and two context switches.
 */
export function turns(now: Timers["now"] = realTimers.now): () => Promise<void> {
  let start = now();
  return async () => {
    if (now() - start < TURN_MS) return;
    await yieldToEventLoop();
    start = now();
  };
}

/** The longest delay of setTimeout; longer ones would fire at once. */
const MAX_DELAY_MS = 0x7fff_ffff;

/** Calls back after `delayMs`, which may exceed the limit of setTimeout. Returns a function that cancels the call. */
export function callAfter(delayMs: number, callback: () => void, timers: Timers = realTimers): () => void {
  const due = timers.now() + delayMs;
  let timer: number;
  const arm = (): void => {
    const left = due - timers.now();
    timer = left > MAX_DELAY_MS ? timers.set(arm, MAX_DELAY_MS) : timers.set(callback, Math.max(0, left));
  };
  arm();
  return () => timers.clear(timer);
}

/** Ticks every interval. After a delay (the machine slept, the program was stopped) it ticks once, not many times. */
export class Clock {
  readonly #onTick: () => void;
  readonly #timers: Timers;
  #intervalMs: number;
  #due = 0;
  #timer: number | undefined;

  constructor(intervalS: number, onTick: () => void, timers: Timers = realTimers) {
    this.#intervalMs = intervalS * 1000;
    this.#onTick = onTick;
    this.#timers = timers;
  }

  /** Nominal interval, seconds. */
  get intervalS(): number {
    return this.#intervalMs / 1000;
  }

  /** Starts: the first tick comes one interval from now. Starting a running clock restarts it. */
  start(): void {
    this.stop();
    this.#due = this.#timers.now() + this.#intervalMs;
    this.#arm();
  }

  /** Changes the interval, starting now. */
  setInterval(seconds: number): void {
    this.#intervalMs = seconds * 1000;
    if (this.#timer !== undefined) this.start();
  }

  /** Stops ticking. */
  stop(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    this.#timer = this.#timers.set(() => this.#fire(), Math.max(0, this.#due - this.#timers.now()));
  }

  #fire(): void {
    const late = this.#timers.now() - this.#due;
    this.#due += this.#intervalMs * (1 + Math.max(0, Math.floor(late / this.#intervalMs)));
    this.#arm();
    this.#onTick();
  }
}
