/**
 * What a tool's BPF side could not count.
 *
 * @module
 */
import type { Attached } from "../bpf/mod.ts";
import type { Lost } from "../model/mod.ts";

/** Reads the BPF side's loss counters (`struct losses lost` in bpf/lib/maps.bpf.h): u64 events, u64 keys. */
export class LossReader {
  readonly #view: DataView;
  readonly #at: number;
  #events = 0n;
  #keys = 0n;

  constructor({ object }: Attached) {
    const lost = object.variable("lost");
    if (lost === null) throw new TypeError(`the BPF object ${object.name} does not count what it loses`);
    this.#view = object.map(lost.map).globals();
    this.#at = lost.offset;
  }

  /** Losses since the last call. */
  take(): Lost {
    const events = this.#view.getBigUint64(this.#at, true);
    const keys = this.#view.getBigUint64(this.#at + 8, true);
    const lost = { events: Number(events - this.#events), keys: Number(keys - this.#keys) };
    this.#events = events;
    this.#keys = keys;
    return lost;
  }
}
