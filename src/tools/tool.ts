/**
 * How a tool runs: its hooks as data, a sampler that reads the kernel, and a pure function that turns samples into rows.
 *
 * @module
 */
import type { Attached, Hook, Self, VmlinuxBtf } from "../bpf/mod.ts";
import type { Column, Derived, FlagValue, TierName, ToolInfo } from "../model/mod.ts";

/** Filters that every tool applies in the kernel. */
export interface Filters {
  /** Only this process (tgid). */
  readonly pid?: number;
  /** Only tasks in this cgroup v2 directory or below. */
  readonly cgroup?: string;
  /** Only threads with this comm, exactly. */
  readonly comm?: string;
  /** Report ktop itself too. */
  readonly self: boolean;
  /** ktop itself in the host's terms; absent where it is in the host's namespaces. Runner.open finds it out. */
  readonly ktop?: Self;
}

/** What a tool is opened with: parsed flags and filters. */
export interface ToolOptions {
  readonly filters: Filters;
  /** By flag name; the tool's positional threshold under its own name. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** `--tier`: no other tier may be used. */
  readonly tier?: TierName;
}

/** A value for a constant of the BPF object's .rodata. */
export type Constant = number | bigint | boolean | Uint8Array;

/** What the options mean for the BPF object. Made before anything is loaded, so that usage errors come first. */
export interface Configuration {
  readonly constants: Readonly<Record<string, Constant>>;
}

/** A running tool's reader: turns maps and rings into a sample. */
export interface Sampler<S> {
  /** Everything since the last call. */
  sample(): S;
  /** Empties rings between samples, so that they do not overflow. True: a ring was filling, call again soon. */
  poll?(): boolean;
  /** Events that poll() had to let go because too many came in one interval; they count as lost. */
  dropped?(): number;
  /** How full the fullest map was when it was sampled, 0 to 1. */
  fill?(sample: S): number;
}

/** A tool that can run. `S` is what one sample holds: raw counters, drained entries, events. */
export interface Tool<S = unknown> extends ToolInfo {
  /** Name of its BPF object, where that is not its own. */
  readonly object?: string;
  /** Whether text is to be the lines that derive makes, without titles, times and rows: for flags that ask for another program's format. */
  plain?(options: ToolOptions): boolean;
  /** The columns for these options; absent: `columns`. */
  columnsFor?(options: ToolOptions): readonly Column[];
  /** What it observes; a function of the options where these decide (`fsslower -t xfs`). Read it through `hooksOf`. */
  readonly hooks: readonly Hook[] | ((options: ToolOptions) => readonly Hook[]);
  /** Checks the options and says what they mean for the BPF side. Throws UsageError or KtopError. */
  configure(options: ToolOptions): Configuration;
  /** What the BPF side must know of the kernel's types: constants in addition to those of configure. */
  readonly adapt?: (types: VmlinuxBtf, options: ToolOptions) => Readonly<Record<string, Constant>>;
  /** Reads what the sampler needs, while the programs are loaded and attached. Never rejects. */
  prepare?(): Promise<void>;
  /** Starts reading an attached object. */
  sampler(attached: Attached, options: ToolOptions): Sampler<S>;
  /** Rows of one interval, in the tool's default order. Pure. `previous` is null on the first sample: then no counts, never a rate over an unknown time. */
  derive(sample: S, previous: S | null, options: ToolOptions): Derived;
}
