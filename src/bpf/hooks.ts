/**
 * The hooks of a tool as data: the kernel events that it observes, and the programs that can observe them on each tier.
 *
 * @module
 */
import type { TierName } from "../model/mod.ts";
import type { ConstantValue } from "./constants.ts";

/** The order in which tiers are tried, unless a hook overrides it. */
export const DEFAULT_ORDER: readonly TierName[] = ["fentry", "kprobe", "tracepoint"];

/** Programs that attach together. Names are C function names and end in `__<tier>`. */
export interface ProgramSet {
  /** All of these attach, or the set is not used. */
  readonly all: readonly string[];
  /** Optional programs: left out if they cannot attach. */
  readonly any?: readonly string[];
  /** Programs on functions that not every kernel has: left out where the function is absent, otherwise as `all`. */
  readonly ifPresent?: readonly string[];
  /** The functions that programs with the section `kprobe`, `kretprobe` or those with `.multi` attach to, if the kernel has them. */
  readonly functions?: readonly string[];
  /** Samples per second of programs with the section `perf_event`, which attach to the clock of each online CPU. */
  readonly frequency?: number;
  /** Constants that the programs read when this set is chosen. */
  readonly constants?: Readonly<Record<string, ConstantValue>>;
  /** Sizes of maps, in entries, when this set is chosen. */
  readonly maxEntries?: Readonly<Record<string, number>>;
}

/** A kernel event that a tool observes, and the program sets that can observe it. */
export interface Hook {
  /** The kernel's name: "vfs_read". */
  readonly name: string;
  /** Within a tier: alternatives, the best first. */
  readonly tiers: Readonly<Partial<Record<TierName, readonly ProgramSet[]>>>;
  /** Set if the programs sample by perf events, which need more than tracepoints. Their tier is `tracepoint`. */
  readonly perfEvents?: true;
  /** Set if the tool works without this hook: what is then missing from its numbers. */
  readonly optional?: string;
  /** Tiers in the order of preference; {@linkcode DEFAULT_ORDER} when absent. */
  readonly order?: readonly TierName[];
}
