/**
 * The recording's format, version 1: NDJSON lines, gzip or not.
 *
 * The first line is the header: `{"format":"ktop-recording","v":1,"ktop":…,"host":…,"kernel":…,"started":ISO 8601,
 * "interval_s":…,"filters":{…},"tools":[{"tool":…,"tier":…,"missing":[…],"flags":{…},"view":…,"columns":[…]}]}`; a tool
 * that could not run has `"tier":null,"reason":…,"remedy":…`. Then, for each tick, a line for each running tool, as
 * `--json` prints it, with `"map_fill"` (0 to 1) where a map can fill; and last the
 * tick's own line, which starts with `{"tick":`: `{"tick":…,"time":…,"load":[…],"tasks":{…},"uptime_s":…,"self":{…}}`, with
 * `"failed":[{"tool":…,"reason":…,"remedy":…}]` where tools have failed since the start. A tick without its own line is
 * incomplete and does not count.
 *
 * @module
 */
import type { HostInfo, SelfCost, Tick, ToolInfo, ToolState } from "../model/mod.ts";

/** `format` of the header. */
export const RECORDING_FORMAT = "ktop-recording";
/** The version this ktop writes, and the newest it reads. */
export const RECORDING_VERSION = 1;
/** Longest line, bytes: the writer leaves out rows to stay within it, the reader refuses longer lines. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Most bytes of all lines of a tick. */
export const MAX_TICK_BYTES = 4 * MAX_LINE_BYTES;

/** A tool of a recording. */
export interface RecordedTool {
  /** The tool as this ktop knows it, or as the recording describes it. */
  readonly tool: ToolInfo;
  /** Its state at the start of the recording. */
  readonly state: ToolState;
}

/** The first line of a recording. */
export interface RecordingHeader {
  /** Version of the ktop that recorded. */
  readonly ktop: string;
  readonly host: string;
  readonly kernel: string;
  /** Wall clock at the start, milliseconds since the epoch. */
  readonly started: number;
  /** Nominal interval, seconds. */
  readonly intervalS: number;
  readonly tools: readonly RecordedTool[];
  /** Sentences for the user: what this ktop does not know. */
  readonly notes: readonly string[];
}

/** One tick of a recording. */
export interface RecordedTick {
  /** Wall clock at the end of the tick, milliseconds since the epoch. */
  readonly time: number;
  /** The host without its names, which are in the header. */
  readonly host: Omit<HostInfo, "host" | "kernel">;
  readonly self: SelfCost;
  /** By tool name. */
  readonly ticks: ReadonlyMap<string, Tick>;
  /** Tools that failed since the start, by name. */
  readonly failed: ReadonlyMap<string, ToolState>;
}
