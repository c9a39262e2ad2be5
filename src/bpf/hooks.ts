/**
 * What a tool asks for: the kernel's functions and tracepoints it observes, and the programs that can do it on each
 * tier, as data.
 *
 * @module
 */
import type { TierName } from "../model/mod.ts";
import type { ConstantValue } from "./constants.ts";

/** The order in which tiers are tried, unless a hook says otherwise. */
export const DEFAULT_ORDER: readonly TierName[] = ["fentry", "kprobe", "tracepoint"];

/** Programs that attach together. Names are C function names and end in `__<tier>`. */
export interface ProgramSet {
  /** All of these attach, or the set does not count. */
  readonly all: readonly string[];
  /** These attach where they can. */
  readonly any?: readonly string[];
  /** Constants that tell shared programs that this set was chosen. */
  readonly constants?: Readonly<Record<string, ConstantValue>>;
}

/** One thing a tool observes, and the program sets that can observe it. */
export interface Hook {
  /** The kernel's word: "vfs_read". */
  readonly name: string;
  /** Within a tier: alternatives, the best first. */
  readonly tiers: Readonly<Partial<Record<TierName, readonly ProgramSet[]>>>;
  /** Present: the tool works without it; the text says what is then missing from the numbers. */
  readonly optional?: string;
  /** Tiers in the order of preference; {@linkcode DEFAULT_ORDER} when absent. */
  readonly order?: readonly TierName[];
}

/** Whether the kernel can do something, found out by trying where that is possible. */
export interface Probe {
  readonly answer: "yes" | "no" | "inconclusive";
  /** What was found, in a few words, without a full stop; empty when there is nothing to add to "yes". */
  readonly detail: string;
  /** What would make it a yes, as a full sentence; empty when nothing would. */
  readonly remedy: string;
  /** The first kernel release that has it: "5.8". */
  readonly since?: string;
}

/** What this kernel and these privileges allow. A yes always means that ktop can use it. */
export interface Features {
  /** /sys/kernel/btf/vmlinux. */
  readonly btf: Probe;
  readonly kprobe: Probe;
  readonly kprobeMulti: Probe;
  /** fentry and fexit trampolines. */
  readonly fentry: Probe;
  /** raw_tp and tp_btf programs. */
  readonly tracepoint: Probe;
  readonly ringBuffer: Probe;
  /** Yes: no lockdown keeps BPF from reading the kernel's memory. */
  readonly lockdown: Probe;
  /** Lookup-and-delete of many keys in one call. */
  readonly mapBatch: Probe;
  /** Run time of programs (BPF_ENABLE_STATS). */
  readonly bpfStats: Probe;
  readonly jit: Probe;
  /** Yes: pids in BPF are the pids this process sees. */
  readonly hostPidNamespace: Probe;
  /** Capabilities that this process lacks: ["CAP_BPF", "CAP_PERFMON"]; empty when it has what ktop needs. */
  readonly capabilities: { readonly missing: readonly string[]; readonly detail: string };
  /** Kernel options that matter, by name with `CONFIG_`: "y", "m", "n" or a value; null when unreadable. */
  readonly config: ReadonlyMap<string, string> | null;
}
