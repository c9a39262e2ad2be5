/**
 * What the screen draws: a snapshot of the host, of ktop itself and of each running tool. The monitor replaces
 * it on every tick; nobody else changes it.
 *
 * @module
 */
import type { Histogram, Lost, Row, Tick, Tool } from "../tools/tool.ts";

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
export interface ToolModel {
  readonly tool: Tool;
  readonly state: ToolState;
  /** The last tick; null before the first. */
  readonly tick: Tick | null;
  /** Event tools: the newest events, oldest first, bounded; how many older ones were let go. */
  readonly events: readonly Row[];
  readonly eventsDropped: number;
  /** Per column key of `tool.graph`: the sum over rows per second, one value a tick, oldest first, bounded. */
  readonly series: ReadonlyMap<string, readonly number[]>;
  /** Histograms summed since the start. */
  readonly histograms: readonly Histogram[];
  /** Losses summed since the start. */
  readonly lost: Lost;
}

/** All that the screen draws. */
export interface Model {
  readonly host: HostInfo;
  readonly self: SelfCost;
  /** Nominal interval, seconds. */
  readonly intervalS: number;
  /** Wall clock of this snapshot, milliseconds since the epoch. */
  readonly time: number;
  readonly tools: readonly ToolModel[];
}
