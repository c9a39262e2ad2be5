/**
 * Decides when unused memory is returned to the kernel.
 *
 * @module
 */
import { releaseUnusedMemory } from "../bpf/mod.ts";
import { realTimers, type Timers } from "./clock.ts";

/** Shortest time between two releases, milliseconds. */
const RELEASE_MS = 30_000;

/** The time in which the pages that are in use fault again after a release, milliseconds. */
const SETTLE_MS = 5_000;

/** Growth of the resident set that is worth a release, which takes 12 ms with the page faults that follow. */
const GROWTH_BYTES = 4 * 1024 * 1024;

/** Releases unused memory: at the end of start-up, once more later, and then when the resident set has grown. */
export class MemoryRelease {
  readonly #release: () => void;
  readonly #now: Timers["now"];
  /** Monotonic milliseconds of the last release. */
  #releasedAt = Infinity;
  #releases = 0;
  /** The resident set after the last release, bytes: what is in use. */
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
    this.#used = Infinity;
    this.#release();
  }

  /** In each tick: releases again if it is time. Nothing before the first {@linkcode MemoryRelease.release}. */
  check(residentBytes: number): void {
    const sinceMs = this.#now() - this.#releasedAt;
    // At long intervals the first tick comes later.
    if (sinceMs <= SETTLE_MS || this.#used === Infinity) this.#used = residentBytes;
    // The first release comes while V8 still compiles for the first ticks.
    const isDue = this.#releases === 1 || residentBytes - this.#used >= GROWTH_BYTES;
    if (isDue && sinceMs > RELEASE_MS) this.release();
  }
}
