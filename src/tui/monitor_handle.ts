/**
 * What the screen needs of those around it: the monitor behind it, the keyboard, and how it is to be run.
 *
 * @module
 */
import type { Model, ReplayCommand } from "../model/mod.ts";
import type { ScreenFiles, Setup } from "./setup.ts";
import type { Environment } from "../text/mod.ts";

/** What the screen needs of the monitor behind it. */
export interface MonitorHandle {
  /** The newest snapshot. */
  model(): Model;
  /** Calls back after each tick and each change of a tool's state. */
  onChange(listener: () => void): void;
  /** Changes the interval, seconds; absent where it cannot be changed any more. */
  setInterval?(seconds: number): void;
  /** Moves in recorded time; absent where the present is shown. */
  replay?(command: ReplayCommand): void;
  /** Clears counters, events and history. */
  clear(): void;
  /** Switches between regular files and all types; absent where no tool has the choice. */
  toggleAll?(): void;
  /** Shows these tools, of those shown and the model's offers; others go on. Absent where the panes are fixed. */
  setTools?(names: readonly string[]): void;
  /** Finds out which of the model's offers can run. */
  listTools?(): void;
  /** Narrows every tool to the process of this process or thread id; null widens again. */
  setPivot?(id: number | null): void;
  /** Reads and watches a process for the model's `watched`; null ends it. */
  watch?(id: number | null): void;
  /** Measures what the BPF programs cost, or ends that; absent where there are none. */
  toggleCost?(): void;
  /** Stops sampling and detaches everything. Fast, and may be called twice. */
  close(): void;
}

/** What the screen needs of the terminal's input. */
export type Keyboard = Pick<Deno.FsFile, "read" | "setRaw">;

/** How the screen is run. */
export interface AppOptions {
  /** `--no-color`. */
  readonly noColor: boolean;
  /** `--ascii`. */
  readonly ascii: boolean;
  /** TERM, COLORTERM, NO_COLOR, LC_ALL, LC_CTYPE, LANG. */
  readonly env: Environment;
  /** Choices made before the screen opens; absent: the defaults. */
  readonly setup?: Setup;
  /** Writers of files; absent ones have no key. */
  readonly files?: ScreenFiles;
  /** Where keys come from, where that is not standard input. */
  readonly keyboard?: Keyboard;
  /** Called once the first frame is on the terminal: the time to attach probes. */
  readonly onReady?: () => void;
  /** The screen ends by itself after this long, counted from the first frame. Milliseconds. */
  readonly endAfterMs?: number;
}
