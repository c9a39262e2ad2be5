/**
 * Reads a tool's loss counters.
 *
 * @module
 */
import type { Attached } from "../bpf/mod.ts";
import type { Lost } from "../model/mod.ts";

/** Reads the BPF side's loss counters (`struct losses lost` in bpf/lib/losses.bpf.h), and the kernel's of skipped runs. */
export class LossReader {
  readonly #readEvents: () => bigint;
  readonly #readKeys: () => bigint;
  readonly #readRuns: () => bigint;
  #events = 0n;
  #keys = 0n;
  #runs = 0n;

  constructor({ object, skippedRuns }: Pick<Attached, "object" | "skippedRuns">) {
    this.#readEvents = object.global("lost.events");
    this.#readKeys = object.global("lost.keys");
    this.#readRuns = skippedRuns;
  }

  /** Losses since the last call. */
  take(): Lost {
    const events = this.#readEvents();
    const keys = this.#readKeys();
    const runs = this.#readRuns();
    const lost = {
      events: Number(events - this.#events),
      keys: Number(keys - this.#keys),
      runs: Number(runs - this.#runs),
    };
    this.#events = events;
    this.#keys = keys;
    this.#runs = runs;
    return lost;
  }
}
