/**
 * What a tool's BPF side could not count.
 *
 * @module
 */
import type { Attached } from "../../bpf/mod.ts";
import type { Lost } from "../../model/mod.ts";
import { Losses } from "./layout.gen.ts";
import { growths } from "./maps.ts";

/** Reads the loss counters of an attached object: `struct losses lost` of bpf/lib/maps.bpf.h, in its mapped .bss. */
export class LossReader {
  readonly #lost: Losses;
  #before = { events: 0n, keys: 0n };

  constructor({ object }: Pick<Attached, "object">) {
    const lost = object.variable("lost");
    if (lost === null) throw new TypeError(`the BPF object ${object.name} does not count what it loses`);
    this.#lost = new Losses(object.map(lost.map).globals(), lost.offset, Losses.layout.size);
  }

  /** Losses since the last call. */
  take(): Lost {
    const now = this.#lost.counters();
    const lost = growths(now, this.#before);
    this.#before = now;
    return lost;
  }
}
