/**
 * What the screen draws: a snapshot of the host, of ktop itself and of each running tool. The monitor replaces
 * it on every tick; nobody else changes it.
 *
 * @module
 */
import type { Tick, Tool } from "../tools/tool.ts";
import type { HistoryFields } from "./history.ts";
import type { ReplayStatus } from "./replay/status.ts";

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
export interface ToolModel extends HistoryFields {
  readonly tool: Tool;
  readonly state: ToolState;
  /** The last tick; null before the first, and where of a past moment none is kept. */
  readonly tick: Tick | null;
  /** Rows of a past tick that were not kept; 0 of the newest. */
  readonly rowsLetGo: number;
}

/** What the header shows, at the end of one interval. */
export interface Moment {
  readonly host: HostInfo;
  readonly self: SelfCost;
  /** Nominal interval, seconds. */
  readonly intervalS: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly time: number;
}

/** All that the screen draws. */
export interface Model extends Moment {
  readonly tools: readonly ToolModel[];
  /** The ticks that are kept, oldest first, the newest included: the steps of going back in time. */
  readonly moments: readonly Moment[];
  /** Present: this is a recording, and where it stands. */
  readonly replay?: ReplayStatus;
}
