/**
 * What the screen draws: a snapshot of the host, of ktop itself and of each running tool. The monitor replaces
 * it on every tick; nobody else changes it.
 *
 * @module
 */
import type { History } from "./history.ts";
import type { ReplayStatus } from "./replay_status.ts";
import type { Tick } from "./tick.ts";
import type { FlagValue, ToolInfo } from "./tool_info.ts";

/** The machine, as the header shows it. */
export interface HostInfo {
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
}

/** Where a tool stands. */
export type ToolState =
  | { readonly kind: "attaching" }
  | {
    readonly kind: "running";
    /** `fentry`, or `fentry+kprobe` where hooks differ. */
    readonly tier: string;
    /** Optional hooks that did not attach: what is missing from the numbers, each with its reason. */
    readonly missing: readonly string[];
  }
  | { readonly kind: "unavailable"; readonly reason: string; readonly remedy: string };

/** One tool as the screen sees it. */
export interface ToolModel extends History {
  readonly tool: ToolInfo;
  /** Its own flags as they are now; absent where they are not known. */
  readonly flags?: Readonly<Record<string, FlagValue>>;
  readonly state: ToolState;
  /** The last tick; null before the first, and where of a past moment none is kept. */
  readonly tick: Tick | null;
  /** Rows of a past tick that were not kept; 0 of the newest. */
  readonly droppedRows: number;
}

/** A tool that a pane could show. */
export interface Offer {
  readonly name: string;
  readonly summary: string;
  /** The tier it would use here; null: it cannot run; undefined: not found out yet. */
  readonly tier?: string | null;
  /** Why it cannot run; empty where it can. */
  readonly reason: string;
}

/** The process that every pane is narrowed to. */
export interface Pivot {
  readonly pid: number;
  /** Its name, escaped; empty where it had ended before, and where /proc here does not list it. */
  readonly comm: string;
  /** It lives; it ended meanwhile; or it had ended before, so that nothing was narrowed. */
  readonly state: "narrowed" | "ended" | "gone";
}

/** What /proc says of a process. Text is escaped. */
export interface ProcessDetails {
  readonly pid: number;
  readonly comm: string;
  /** Its arguments, quoted where needed; empty for kernel threads. */
  readonly command: string;
  /** Path of its cgroup. */
  readonly cgroup: string;
  /** Real user id; null where it could not be read. */
  readonly uid: number | null;
}

/** The process whose details were asked for. */
export interface Watched {
  /** The process or thread id that was asked for. */
  readonly id: number;
  readonly ended: boolean;
  /** ktop is in a pid namespace of its own: its /proc has another process under this id, or none. */
  readonly unlisted?: boolean;
  /** null until they are read, or where the process had ended before or is not listed. */
  readonly details: ProcessDetails | null;
}

/** What the header shows, at the end of one interval. */
export interface Snapshot {
  readonly host: HostInfo;
  readonly self: SelfCost;
  /** Nominal interval, seconds. */
  readonly intervalS: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly time: number;
}

/** All that the screen draws. */
export interface Model extends Snapshot {
  readonly tools: readonly ToolModel[];
  /** The ticks that are kept, oldest first, the newest included: the steps of going back in time. */
  readonly snapshots: readonly Snapshot[];
  /** The tools a pane may show; absent where the panes are fixed. */
  readonly offers?: readonly Offer[];
  /** Absent where panes cannot be narrowed; null: they are not. */
  readonly pivot?: Pivot | null;
  /** Absent where /proc cannot be asked, as in a recording; null: nothing was asked. */
  readonly watched?: Watched | null;
  /** Present: this is a recording, and where it stands. */
  readonly replay?: ReplayStatus;
}
