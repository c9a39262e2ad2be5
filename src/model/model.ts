/**
 * The model: everything the screen draws. Immutable; the monitor publishes a new one after every change.
 *
 * @module
 */
import type { Restrictions } from "./restrictions.ts";
import type { History } from "./history.ts";
import type { HostStatus } from "./host_status.ts";
import type { Narrowing } from "./narrowing.ts";
import type { ReplayStatus } from "./replay_status.ts";
import type { Row, Tick } from "./tick.ts";
import type { FlagValue, ToolInfo } from "./tool_info.ts";

/** Percent of the last ten seconds in which tasks waited for a resource (`avg10` of Documentation/accounting/psi.rst). */
export interface Stall {
  /** At least one task waited. */
  readonly some: number;
  /** All tasks that were not idle waited at once; null for CPUs, for which the kernel does not define it. */
  readonly full: number | null;
}

/** Pressure stall information of the machine; a resource is absent if the kernel does not report it. */
export type Pressure = Readonly<Partial<Record<"cpu" | "io" | "memory", Stall>>>;

/** Bytes that moved in one interval. */
export interface Traffic {
  /** Received from networks, or read from disks. */
  readonly inBytes: number;
  /** Sent to networks, or written to disks. */
  readonly outBytes: number;
  /** Measured length of the interval, seconds. */
  readonly intervalS: number;
}

/** What the header shows of the whole machine besides its load; what is not measured is absent. */
export interface MachineFigures {
  readonly pressure?: Pressure;
  /** Of all network interfaces except the loopback; null in the first interval. */
  readonly network?: Traffic | null;
  /** Of all whole disks; null in the first interval. */
  readonly disks?: Traffic | null;
}

/** The machine, as the header shows it. */
export interface HostInfo extends MachineFigures {
  /** Host name, escaped. */
  readonly host: string;
  /** Kernel release, as `uname -r`. */
  readonly kernel: string;
  /** Seconds since boot. */
  readonly uptimeS: number;
  /** Load averages over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number];
  /** Runnable and existing tasks. */
  readonly tasks: { readonly running: number; readonly total: number };
}

/** What ktop itself costs. */
export interface SelfCost {
  /** CPU time of this process per second of wall time, milliseconds; null before the second tick. */
  readonly cpuMsPerS: number | null;
  /** Resident set, bytes. */
  readonly rssBytes: number;
  /** CPU time of ktop's BPF programs, milliseconds per second, while that is measured. */
  readonly probesMsPerS?: number | null;
  /** Kernel memory of the maps and ring buffers of ktop's BPF programs, bytes, while the programs are measured. */
  readonly mapBytes?: number | null;
}

/** Whether a tool runs. */
export type ToolState =
  | { readonly kind: "attaching" }
  | {
    readonly kind: "running";
    /** `fentry`, or `fentry+kprobe` if hooks differ. */
    readonly tier: string;
    /** What is missing from the numbers: optional hooks that did not attach, what the machine lacks; each with the reason. */
    readonly missing: readonly string[];
  }
  | { readonly kind: "unavailable"; readonly reason: string; readonly remedy: string };

/** Flags that a tool had until a change. */
export interface PastFlags {
  readonly until: number;
  readonly flags: Readonly<Record<string, FlagValue>>;
}

/** What is covered by what is not narrowed. */
export type Coverage = "machine" | "process";

/** One tool with its state, last tick and history. */
export interface ToolModel extends History {
  readonly tool: ToolInfo;
  /** Values of its flags; absent for a pane without a tool that runs, such as the probes. */
  readonly flags?: Readonly<Record<string, FlagValue>>;
  /** Its flags before they were changed, oldest first: valid for ticks until then, wall clock in milliseconds. */
  readonly pastFlags?: readonly PastFlags[];
  readonly state: ToolState;
  /** The last tick; null before the first, and in a past model whose history has no tick for that time. */
  readonly tick: Tick | null;
  /** Present: only these rows are in the tick and the events; past ticks have all rows. */
  readonly only?: Narrowing;
  /** Present: other panes are narrowed, and this one cannot be: it covers the machine, or the process that is counted. */
  readonly coversAll?: Coverage;
  /** Present: only some rows are shown, but histograms and graphs cover more. */
  readonly sumsCoverAll?: Coverage;
  /** Times of ticks in which other processes were counted than in the shown one: graphs leave them out. Absent: none. */
  readonly otherScope?: ReadonlySet<number>;
  /** Rows of the tick that were dropped: in an interval with too many, or by the history. */
  readonly droppedRows: number;
  /** Present: these may be any rows, while only some are shown. */
  readonly droppedOfAny?: true;
  /** Present: the sums of these rows by column key, as far as columns may be added. */
  readonly droppedSums?: Row;
}

/** A default pane that another tool replaces, because this kernel cannot run it. */
export interface Replacement {
  readonly tool: string;
  readonly by: string;
}

/** A tool that a pane could show. */
export interface Offer {
  readonly name: string;
  readonly summary: string;
  /** More words by which it is found. */
  readonly searchWords?: string;
  /** The tier it would use on this kernel; null: it cannot run; undefined: not determined yet. */
  readonly tier?: string | null;
  /** Why it cannot run; empty if it can. */
  readonly reason: string;
  /** The host alone whose numbers it shows; absent: the machine, or all hosts. */
  readonly host?: string;
}

/** The process that all panes are filtered by. */
export interface Pivot {
  readonly pid: number;
  /** Its name, escaped; empty if it had already ended, or if this /proc does not list it. */
  readonly comm: string;
  /** It runs; it ended after filtering; or it had ended before, so that panes are not filtered. */
  readonly state: "narrowed" | "ended" | "gone";
}

/** A process as /proc describes it. Text is escaped. */
export interface ProcessDetails {
  readonly pid: number;
  readonly comm: string;
  /** Its arguments, quoted where needed; empty for kernel threads. */
  readonly command: string;
  /** Its parent when it was read; null if unknown. The comm is empty if the parent had ended. */
  readonly parent: { readonly pid: number; readonly comm: string } | null;
  /** Path of its cgroup; empty if unknown. */
  readonly cgroup: string;
  /** Real user id; null if it could not be read. */
  readonly uid: number | null;
  /** Name of that user in /etc/passwd; null if it has none. */
  readonly user: string | null;
  /** When it started, milliseconds since the epoch; null if unknown. */
  readonly startedMs: number | null;
}

/** A cgroup, and the container, pod or unit that it belongs to. Text is escaped and bounded. */
export interface CgroupDetails {
  readonly path: string;
  readonly name: string;
  readonly containerId?: string;
  /** As the state files of the container's runtime have it. */
  readonly image?: string;
  readonly unit?: string;
  readonly pod?: string;
  /** The lowest of the cgroup and those around it. Null: no limit; absent: unknown. */
  readonly limits: {
    readonly memoryBytes?: number | null;
    readonly cpus?: number | null;
    readonly pids?: number | null;
  };
}

/** A process from which another one descends. Text is escaped. */
export interface AncestorDetails {
  readonly pid: number;
  readonly comm: string;
  /** Its arguments; empty for kernel threads. */
  readonly command: string;
}

/** A process that was described while it ran. */
export interface KnownProcess {
  readonly details: ProcessDetails;
  /** When it was last seen running, milliseconds since the epoch. */
  readonly seenMs: number;
  /** When its end was noticed; null: it may still run. */
  readonly endedMs: number | null;
}

/** The process whose details are shown. */
export interface Watched {
  /** The requested process or thread id. */
  readonly id: number;
  readonly ended: boolean;
  /** When it was last seen running and when its end was noticed, milliseconds since the epoch; absent if unknown. */
  readonly end?: { readonly afterMs: number; readonly beforeMs: number };
  /** ktop runs in another pid namespace, whose /proc has no process, or a different one, under this id. */
  readonly unlisted?: boolean;
  /** null until they have been read, and if the process is not listed, or ended before it was in a row. */
  readonly details: ProcessDetails | null;
  /** The cgroup of the row; null if it is unknown. */
  readonly cgroup?: CgroupDetails | null;
  /** The processes that it descends from as far as they run, the nearest first; absent: not read yet. */
  readonly ancestors?: readonly AncestorDetails[];
}

/** The header at the end of one interval. */
export interface Snapshot {
  readonly host: HostInfo;
  readonly self: SelfCost;
  /** Nominal interval, seconds. */
  readonly intervalS: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly time: number;
  /** The process that all tools were filtered by; null: none; absent: they cannot be filtered. */
  readonly pivot?: Pivot | null;
}

/** What the monitor has done or refused, for the user: one line, escaped. */
export interface Notice {
  readonly text: string;
  readonly kind: "info" | "error";
  /** Present: it is why flags of this tool were refused. */
  readonly refusedFlags?: string;
}

/** Everything the screen draws. */
export interface Model extends Snapshot {
  readonly tools: readonly ToolModel[];
  /** Tools that are no longer shown, as far as their history is kept; absent: none. */
  readonly removed?: readonly ToolModel[];
  /** One a tick, oldest first, the newest included: the times that `modelAt` can rewind to. */
  readonly snapshots: readonly Snapshot[];
  /** The tools that panes may show; absent if the panes are fixed. */
  readonly offers?: readonly Offer[];
  /** Default panes that this kernel cannot run, and what is shown instead; absent: the requested panes are shown. */
  readonly replacements?: readonly Replacement[];
  /** Absent: none. */
  readonly restrictions?: Restrictions;
  /** In a replay the process that was counted when this moment was recorded; absent: all were. */
  readonly counted?: Pivot;
  /** The exit code of the followed command; absent: it has not ended, or there is none. */
  readonly commandExit?: number;
  /** null: no details are shown; absent: there is no /proc to read, as in a recording. */
  readonly watched?: Watched | null;
  /** The newest notice; each is another object. */
  readonly notice?: Notice;
  /** Present in a replay. */
  readonly replay?: ReplayStatus;
  /** Present if other machines are shown through ssh. Their panes can be narrowed to a process, but everything is counted. */
  readonly hosts?: readonly HostStatus[];
}
