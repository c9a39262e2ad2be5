/**
 * A sparse index of ticks: some thousand entries, however long the recording.
 *
 * @module
 */
import type { TickOffset } from "./reader.ts";

/** Maximum number of entries; above it, every second one is dropped. */
const MAX_ENTRIES = 16_384;

type Entry = TickOffset & { readonly time: number };

/** Positions and times of ticks, added in order. */
export class TickIndex {
  #entries: Entry[] = [];
  /** Added ticks from one entry to the next. */
  #stride = 1;
  #added = 0;

  /** Adds a tick or the first of several, if the stride includes it. */
  add(entry: Entry): void {
    if (this.#added++ % this.#stride !== 0) return;
    this.#entries.push(entry);
    if (this.#entries.length <= MAX_ENTRIES) return;
    this.#stride *= 2;
    this.#entries = this.#entries.filter((_, i) => i % 2 === 0);
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.length;
  }

  /** The last entry with at most this many ticks before it; undefined if there is none. */
  before(position: number): TickOffset | undefined {
    return this.#last((entry) => entry.position <= position);
  }

  /** The last entry whose tick is not later than this. */
  beforeTime(time: number): TickOffset | undefined {
    return this.#last((entry) => entry.time <= time);
  }

  /** Bisects. Positions always increase; if times do not, the result is still one of the entries. */
  #last(matches: (entry: Entry) => boolean): TickOffset | undefined {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (matches(this.#entries[middle] as Entry)) low = middle + 1;
      else high = middle;
    }
    return this.#entries[low - 1];
  }
}
