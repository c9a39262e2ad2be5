/**
 * Reads a tool's loss counters.
 *
 * @module
 */
import type { Attached } from "../bpf/mod.ts";
import type { Lost } from "../model/mod.ts";

/** Reads the BPF side's loss counters (`struct losses lost` in bpf/lib/losses.bpf.h). */
export class LossReader {
  readonly #readEvents: () => bigint;
  readonly #readKeys: () => bigint;
  #events = 0n;
  #keys = 0n;

  constructor({ object }: Attached) {
    this.#readEvents = object.global("lost.events");
    this.#readKeys = object.global("lost.keys");
  }

  /** Losses since the last call. */
  take(): Lost {
    const events = this.#readEvents();
    const keys = this.#readKeys();
    const lost = { events: Number(events - this.#events), keys: Number(keys - this.#keys) };
    this.#events = events;
    this.#keys = keys;
    return lost;
  }
}
