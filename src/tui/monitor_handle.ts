/**
 * What the caller gives to the screen: the monitor behind it, the keyboard, and options.
 *
 * @module
 */
import type { Model, MonitorCapabilities, MonitorCommand } from "../model/mod.ts";
import type { ScreenFiles, Setup } from "./setup.ts";
import type { Environment } from "../text/mod.ts";
import type { Size } from "./canvas/mod.ts";
import type { FrameSink, TerminalOutput } from "./terminal/mod.ts";

/** The monitor behind the screen: live, replay or demo. */
export interface MonitorHandle {
  /** The newest snapshot. */
  model(): Model;
  /** Calls back after each tick and each change of a tool's state. */
  onChange(listener: () => void): void;
  /** The commands it carries out. */
  readonly capabilities: MonitorCapabilities;
  /** Carries out a command, and returns at once; the model changes when it is done. */
  perform(command: MonitorCommand): void;
  /** Stops sampling and detaches everything. Fast, and may be called twice. */
  close(): void;
}

/** What the screen needs of the terminal's input. */
export type Keyboard = Pick<Deno.FsFile, "read" | "setRaw">;

/** The process that the screen runs in. */
export interface ScreenSystem extends FrameSink, TerminalOutput {
  /** Calls back when a signal asks the program to end. */
  onEndSignal(listener: () => void): void;
}

/** How the screen is run. */
export interface AppOptions {
  readonly system: ScreenSystem;
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
  /** The source of keys, if that is not standard input. */
  readonly keyboard?: Keyboard;
  /** Called with the terminal's size before each frame. */
  readonly onSize?: (size: Size) => void;
  /** Called once the first frame is on the terminal: the time to attach probes. Its error ends the screen. */
  readonly onReady?: () => void | Promise<void>;
  /** Called when Ctrl-C ends the screen, before it is gone. */
  readonly onInterrupt?: () => void;
  /** Called before ktop is suspended (true), and when it continues. */
  readonly onSuspend?: (on: boolean) => void;
  /** The screen ends by itself after this long, counted from the first frame. Milliseconds. */
  readonly endAfterMs?: number;
}
