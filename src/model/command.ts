/**
 * The commands that a screen sends to its monitor, and which of them a monitor performs.
 *
 * @module
 */

import type { RowSelection } from "./selection.ts";
import type { FlagValue } from "./tool_info.ts";

/** A command to a monitor: live, replay or demo. */
export type MonitorCommand =
  /** Discards counters, events and history. */
  | { readonly kind: "clear" }
  /** Changes the interval. */
  | { readonly kind: "setInterval"; readonly seconds: number }
  /** Sets all flags of a tool that is shown; absent ones are not given. It re-attaches and keeps its history. */
  | { readonly kind: "setFlags"; readonly tool: string; readonly flags: Readonly<Record<string, FlagValue>> }
  /** Switches between regular files and all file types. */
  | { readonly kind: "toggleAllTypes" }
  /** Adds or removes the probes pane, which measures ktop's own BPF programs. */
  | { readonly kind: "toggleCost" }
  /** Sets the filters and groups that apply to the rows of tools before rows are dropped; tools that are not named have none. */
  | { readonly kind: "selectRows"; readonly selections: readonly RowSelection[] }
  /** Plans which of the model's offers can run on this kernel. */
  | { readonly kind: "listTools" }
  /**
   * Shows these tools in this order; names that are neither shown nor offered are ignored. Shown ones keep their history. With
   * spares, these replace tools that the kernel cannot run, the first that runs first.
   */
  | { readonly kind: "setTools"; readonly names: readonly string[]; readonly spares?: readonly string[] }
  /** Filters every tool by the process of this process or thread id; null removes the filter. */
  | { readonly kind: "setPivot"; readonly id: number | null }
  /** Reads and watches the process of this process or thread id and a cgroup, for the model's `watched`; null stops. */
  | { readonly kind: "watchProcess"; readonly id: number | null; readonly cgroupId?: number }
  /** Pauses or resumes a replay; at its end, restarts it. */
  | { readonly kind: "togglePlayback" }
  /** Moves a replay by one tick, and pauses it. */
  | { readonly kind: "stepPlayback"; readonly ticks: 1 | -1 }
  /** Moves a replay by recorded time. */
  | { readonly kind: "jumpPlayback"; readonly seconds: number }
  /** Shows the last tick of a replay that is not later than a time, milliseconds since the epoch, and pauses it. */
  | { readonly kind: "goToTime"; readonly time: number }
  | { readonly kind: "jumpToStart" }
  | { readonly kind: "jumpToEnd" }
  /** Doubles or halves the speed of a replay. */
  | { readonly kind: "changeSpeed"; readonly direction: 1 | -1 };

/** The commands that a monitor performs; it ignores the others. */
export type MonitorCapabilities = ReadonlySet<MonitorCommand["kind"]>;
