/**
 * Reads a tool's loss counters.
 *
 * @module
 */
import type { Attached } from "../bpf/mod.ts";
import type { Lost } from "../model/mod.ts";

/** What counts losses. */
type Counting = Pick<Attached, "object" | "skippedRuns">;

/** Reads the BPF side's loss counters (`struct losses lost` in bpf/lib/losses.bpf.h), and the kernel's of skipped runs. */
export class LossReader {
  readonly #readEvents: () => bigint;
  readonly #readKeys: () => bigint;
  readonly #readRuns: () => bigint;
  #events = 0n;
  #keys = 0n;
  #runs = 0n;

  /** @param followed the losses of the programs that follow a command: processes that no tool sees */
  constructor({ object, skippedRuns }: Counting, followed?: Counting) {
    const lostProcesses = followed?.object.global("lost.keys") ?? (() => 0n);
    const readKeys = object.global("lost.keys");
    this.#readEvents = object.global("lost.events");
    this.#readKeys = () => readKeys() + lostProcesses();
    this.#readRuns = () => skippedRuns() + (followed?.skippedRuns() ?? 0n);
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
