/**
 * What can be asked of the monitor behind a screen, and which of it a monitor can do.
 *
 * @module
 */

/** A request to a monitor: live, replay or demo. */
export type MonitorCommand =
  /** Discards counters, events and history. */
  | { readonly kind: "clear" }
  /** Changes the interval. */
  | { readonly kind: "setInterval"; readonly seconds: number }
  /** Switches between regular files and all file types. */
  | { readonly kind: "toggleAllTypes" }
  /** Measures the run time of ktop's BPF programs, in a pane after the others; or ends that. */
  | { readonly kind: "toggleCost" }
  /** Finds out which of the model's offers can run. */
  | { readonly kind: "listTools" }
  /** Shows these tools, in this order, of those shown and those on offer; tools that are shown already keep their history. */
  | { readonly kind: "setTools"; readonly names: readonly string[] }
  /** Narrows every tool to the process of this process or thread id; null widens again. */
  | { readonly kind: "setPivot"; readonly id: number | null }
  /** Reads and watches the process of this process or thread id, for the model's `watched`; null ends it. */
  | { readonly kind: "watchProcess"; readonly id: number | null }
  /** Pauses or resumes a replay; at its end, restarts it. */
  | { readonly kind: "togglePlayback" }
  /** Moves a replay by one tick, and pauses it. */
  | { readonly kind: "stepPlayback"; readonly ticks: 1 | -1 }
  /** Moves a replay by recorded time. */
  | { readonly kind: "jumpPlayback"; readonly seconds: number }
  | { readonly kind: "jumpToStart" }
  | { readonly kind: "jumpToEnd" }
  /** Doubles or halves the speed of a replay. */
  | { readonly kind: "changeSpeed"; readonly direction: 1 | -1 };

/** The commands that a monitor carries out; it ignores the others. */
export type MonitorCapabilities = ReadonlySet<MonitorCommand["kind"]>;
