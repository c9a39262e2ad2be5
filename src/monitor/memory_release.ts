/**
 * Decides when unused memory is returned to the kernel.
 *
 * @module
 */
import { releaseUnusedMemory } from "../bpf/mod.ts";
import { realTimers, type Timers } from "./clock.ts";

/** Shortest time between two releases, milliseconds. */
const RELEASE_MS = 30_000;

/** Without growth the time between two releases grows by this factor. */
const DELAY_FACTOR = 2;

/** The time in which the pages that are in use fault again after a release, milliseconds. */
const SETTLE_MS = 5_000;

/** Growth that is worth a release, which takes 12 ms with the page faults that follow. */
const GROWTH_BYTES = 4 * 1024 * 1024;

/**
 * Releases unused memory: at the end of start-up, then at doubling intervals, and when more of the runtime's code has become resident. V8
 * compiles less and less: what it needed for that is not needed again.
 */
export class MemoryRelease {
  readonly #release: () => void;
  readonly #now: Timers["now"];
  /** Monotonic milliseconds of the last release. */
  #releasedAt = Infinity;
  #releases = 0;
  #isSettled = false;
  /** Resident pages of files that are in use, bytes: those that were mapped again after the last release. */
  #used = Infinity;

  /** @param release Tests replace it. */
  constructor(release: () => void = releaseUnusedMemory, now: Timers["now"] = realTimers.now) {
    this.#release = release;
    this.#now = now;
  }

  /** Releases now. */
  release(): void {
    this.#releasedAt = this.#now();
    this.#releases++;
    this.#isSettled = false;
    this.#release();
  }

  /**
   * In each tick: releases again if it is time. Nothing before the first {@linkcode MemoryRelease.release}.
   *
   * @param fileBytes Resident pages of files.
   */
  check(fileBytes: number): void {
    const sinceMs = this.#now() - this.#releasedAt;
    if (sinceMs < SETTLE_MS) return;
    if (!this.#isSettled) this.#used = fileBytes;
    this.#isSettled = true;
    const dueMs = fileBytes - this.#used >= GROWTH_BYTES
      ? RELEASE_MS
      : RELEASE_MS * DELAY_FACTOR ** (this.#releases - 1);
    if (sinceMs > dueMs) this.release();
  }
}
