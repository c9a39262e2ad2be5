/**
 * What a tool's BPF side could not count.
 *
 * @module
 */
import type { Attached } from "../bpf/mod.ts";
import type { Lost } from "../tools/tool.ts";

/** Reads the BPF side's loss counters (`struct losses lost` in bpf/maps.bpf.h): u64 events, u64 keys. */
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

/** What is needed of the programs whose misses are read. */
type Programs = Pick<Attached, "programs"> & { readonly object: Pick<Attached["object"], "programStats"> };

/**
 * Reads how often the kernel did not run a program because it was running already on that CPU: a task was preempted inside it, or
 * an interrupt came (prog->active, bpf_prog_inc_misses_counter; Linux 5.12). A program has no misses where another of its name
 * with `_nested` stands in for it.
 */
export class MissReader {
  readonly #object: Programs["object"];
  readonly #names: readonly string[];
  #before = 0n;

  constructor({ object, programs }: Programs) {
    const names = programs.map(({ name }) => name);
    const standIns = new Set(
      names.filter((name) => name.includes("_nested")).map((name) => name.replace("_nested", "")),
    );
    this.#object = object;
    this.#names = names.filter((name) => !standIns.has(name));
  }

  /** Misses since the last call. */
  take(): number {
    const now = this.#names.reduce((sum, name) => sum + this.#object.programStats(name).misses, 0n);
    const misses = now - this.#before;
    this.#before = now;
    return Number(misses);
  }
}
