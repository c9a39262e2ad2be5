/**
 * How a tool runs: hooks as data, a sampler that reads the BPF maps, and a pure function that turns samples into rows.
 *
 * @module
 */
import type { Attached, Followed, Hook, Self, VmlinuxBtf } from "../bpf/mod.ts";
import type { NameFilters } from "./lib/cgroup_terms.ts";
import type { QueueLimits } from "./lib/event_queue.ts";
import type { OnArrival } from "./lib/watched_queue.ts";
import type { CgroupNaming } from "./lib/who.ts";
import type {
  Column,
  Derived,
  FlagValue,
  IdFilter,
  Row,
  RowOrder,
  TierName,
  ToolInfo,
} from "../model/mod.ts";

/** The filters that every tool applies in the kernel. */
export interface Filters extends NameFilters {
  /** Only this process: its tgid. A leading `!` negates a filter. */
  readonly pid?: IdFilter;
  /** Only children of this process. */
  readonly ppid?: IdFilter;
  /** Only processes of this user: a name of /etc/passwd or a user id. */
  readonly user?: string;
  /** Only tasks in one of these cgroup v2 directories or below. Those with `!` are excluded. */
  readonly cgroup?: readonly string[];
  /** Only threads with this comm, exactly. */
  readonly comm?: string;
  /** Only the processes of a command that ktop starts. */
  readonly followed?: Followed;
  /** Report ktop itself, too. */
  readonly self: boolean;
  /** Which hierarchy's cgroups rows name; absent: cgroup v2. Set by {@linkcode locateFilters}. */
  readonly naming?: CgroupNaming;
  /** ktop's own ids on the host; absent in the host's namespaces. Set by {@linkcode locateFilters}. */
  readonly ktop?: Self;
}

/** Parsed flags and filters. */
export interface ToolOptions {
  readonly filters: Filters;
  /** By flag name; the tool's positional threshold under its own name. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** `--tier`: the only tier to use. */
  readonly tier?: TierName;
}

/** Values of constants in the BPF object's .rodata, by name. */
export type Constants = Readonly<Record<string, number | bigint | boolean | Uint8Array>>;

/** What a poll found: no record; few; a ring that is filling; more than it could read, so that it must be polled again at once. */
export type Backlog = "empty" | "quiet" | "filling" | "more";

/** Reads the maps and the ring buffer of a running tool. */
export interface Sampler<S> {
  sample(): S;
  /**
   * The events of the interval, decoded as they are iterated. Called before `sample`, which then has no events; to be iterated
   * before the next call. Absent: the rows are not events.
   */
  stream?(): Iterable<Row>;
  /** What `derive` needs of a sample when it is the previous one; absent: all of it. */
  previous?(sample: S): S;
  /** Drains the ring buffer between samples, until `deadline` (monotonic milliseconds) at the latest. */
  poll?(deadline: number): Backlog;
  /**
   * Sets from when rows count their seconds, CLOCK_MONOTONIC in nanoseconds; null: from when the tool was attached. Returns
   * that time.
   */
  countFrom?(startNs: number | null): number;
  /** Limits what is kept between samples. */
  limit?(limits: QueueLimits): void;
  /**
   * Decodes each event when it arrives and passes it on; for those that `onArrival` prefers a part is reserved. null: not any more.
   * Decoding takes long in a flood, so that a sample may leave events in the ring to the next interval.
   *
   * @param orders A part is reserved for the events that rank first in each of them.
   * @returns Whether none of the events since the last sample had been dropped: all of them are passed on.
   */
  watch?(onArrival: OnArrival | null, orders?: readonly RowOrder[]): boolean;
  /** Events that exceeded the limits and were dropped since the last call. */
  dropped?(): number;
  /** Adds rows for what has not ended to the next sample, which is the last one. */
  finish?(): void;
  /** How full the fullest map was at this sample, 0 to 1. */
  fill?(sample: S): number;
}

/** A tool that can run. `S`: one sample, as counters, drained map entries or events. */
export interface Tool<S = unknown> extends ToolInfo {
  /** Name of its BPF object. Default: the tool's name. */
  readonly object?: string;
  /** True if text output consists of the `lines` of `derive` only, for flags that request another program's format. */
  printsLines?(options: ToolOptions): boolean;
  /** The columns for these options. Default: `columns`. */
  columnsFor?(options: ToolOptions): readonly Column[];
  /** How it is shown with these options. Default: `view`. */
  viewFor?(options: ToolOptions): ToolInfo["view"];
  /** Its graphs with these options. Default: `graph`. */
  graphFor?(options: ToolOptions): ToolInfo["graph"];
  /** What it attaches to; a function if that depends on the options (`fsslower -t xfs`). Read it through `hooksOf`. */
  readonly hooks: readonly Hook[] | ((options: ToolOptions) => readonly Hook[]);
  /**
   * Checks the options and turns them into constants of the BPF object. Called before anything is loaded, so that usage
   * errors come first. Throws UsageError or KtopError.
   */
  configure(options: ToolOptions): Constants;
  /** What the options name and this machine does not have, each with the reason: then nothing will be seen. */
  readonly absent?: (options: ToolOptions) => readonly string[];
  /** Constants that depend on the kernel's types, in addition to those of `configure`. */
  readonly adapt?: (types: VmlinuxBtf, options: ToolOptions) => Constants;
  /**
   * What `prepare` and attaching read besides BPF maps: the addresses of kernel functions in /proc/kallsyms, the list of traceable
   * functions in tracefs; and what the sampler reads: the files that hold the names of functions in user space
   * ({@linkcode UserSymbols}). Without them the tool shows less.
   */
  readonly reads?: readonly ("addresses" | "traceable functions" | "user functions")[];
  /** Reads what the sampler needs (symbols, enumerators) while the programs are attached. Never rejects. */
  prepare?(): Promise<void>;
  /** The same for what exists only once the programs are attached: the names of trampolines. */
  prepareAttached?(): Promise<void>;
  /** Starts reading an attached object. */
  sampler(attached: Attached, options: ToolOptions): Sampler<S>;
  /**
   * The rows of one interval in the tool's default order. Pure. `previous` is null for the first sample: counters then have
   * no rows, because the interval is unknown.
   */
  derive(sample: S, previous: S | null, options: ToolOptions): Derived;
}
