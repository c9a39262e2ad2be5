/**
 * Slices of time for long reads, so that keys, signals and frames are handled in between.
 *
 * @module
 */

/** How long reading may occupy the event loop, milliseconds: half of a frame at 60 Hz. */
const SLICE_MS = 8;

/** The slice of one reader. Promises that are already settled do not let the event loop run; a timer does. */
export class TimeSlice {
  #startMs = performance.now();

  /** True once the slice is used up: await {@linkcode renew}. */
  get isOver(): boolean {
    return performance.now() - this.#startMs >= SLICE_MS;
  }

  /** Lets the event loop run, then starts a new slice. */
  async renew(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    this.#startMs = performance.now();
  }
}
