/**
 * The recording's format, version 1: NDJSON, optionally gzip-compressed. A header, a line of a tool, a trailer:
 *
 *     {"format":"ktop-recording","v":1,"ktop":…,"host":…,"kernel":…,"started":…,"zones":[…],"interval_s":1,"filters":{…},"tools":[
 *       {"tool":"vfsstat","tier":"fentry","missing":[…],"flags":{…},"view":"counters","columns":[…]}]}
 *     {"tool":"vfsstat","time":…,"tier":"fentry","rows":[…],…}
 *     {"tick":1,"time":…,"load":[…],"tasks":{…},"uptime_s":…,"self":{…}}
 *
 * - Times are ISO 8601. Each object is one line.
 * - The header has `"forced_tier":…` if one was given.
 * - `zones` names the local time zone at the start and its changes in the following 400 days:
 *   `{"from":…,"name":"CET","utc_offset_s":3600}`, oldest first.
 * - In the header, a tool that could not run has `"tier":null,"reason":…,"remedy":…`.
 * - A recorded tick is one interval of all tools: a line for each running tool, as `--json` prints it, then the trailer.
 * - A tool with a bounded map has `"map_fill"`, 0 to 1.
 * - `"dropped"`: how many of the losses are rows that were counted but not kept; absent: none.
 * - `"rest"`: rows that `--rows` left out. Of a table the last row sums them: `{"rows":…}`; of events: `{"rows":…,"sums":{…}}`. They are not
 *   among the losses.
 * - `"flags"`: the tool's flags in this interval, if they were changed during the recording; absent: those of the header.
 * - The trailer starts with `{"tick":`. It has `"failed":[{"tool":…,"reason":…,"remedy":…}]` if tools have failed since
 *   the start.
 * - The trailer has `"pivot":{"pid":…,"comm":…,"state":…}` if all tools were narrowed to a process.
 * - The trailer has what was measured of the machine: `"pressure":{"cpu_some_pct":…,"io_some_pct":…,"io_full_pct":…,
 *   "memory_some_pct":…,"memory_full_pct":…}` (averages of ten seconds), `"network":{"received_bytes":…,"sent_bytes":…,
 *   "interval_s":…}` and `"disks":{"read_bytes":…,"written_bytes":…,"interval_s":…}`,
 *   the last two `null` in the first interval; absent: not measured.
 * - The trailer has `"peaks":{"reads_per_s":…,"lat_us":…,"lost":…}`: file reads per second, the longest latency of an event, and events
 *   and keys that were lost; a key is absent if it was not measured or is zero.
 * - A tick without a trailer is truncated and is discarded.
 *
 * @module
 */
import type {
  FlagValue,
  HostInfo,
  PeakKind,
  Peaks,
  Pivot,
  Restrictions,
  SelfCost,
  Tick,
  ToolInfo,
  ToolState,
} from "../model/mod.ts";
import type { ZoneChange } from "../text/mod.ts";

/** `format` of the header. */
export const RECORDING_FORMAT = "ktop-recording";
/** The version this ktop writes, and the newest it reads. */
export const RECORDING_VERSION = 1;
/** Maximum length of a line, bytes: the writer drops rows to stay below it, the reader rejects longer lines. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Maximum total size of the lines of one tick, bytes. */
export const MAX_TICK_BYTES = 4 * MAX_LINE_BYTES;
/** Names of the resources of the pressure, in the trailer's keys. */
export const RESOURCES = ["cpu", "io", "memory"] as const;
/** Maximum number of rows of a line. */
export const MAX_ROWS = 200_000;

/** A tool of a recording. */
export interface RecordedTool {
  /** The tool of this ktop by that name; if there is none, as the recording describes it. */
  readonly tool: ToolInfo;
  /** Its flags; text is escaped. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** Its state at the start of the recording. */
  readonly state: ToolState;
}

/** The parsed header, and warnings from parsing it. */
export interface RecordingHeader {
  /** Version of the ktop that recorded. */
  readonly ktop: string;
  readonly host: string;
  readonly kernel: string;
  /** Wall clock at the start, milliseconds since the epoch. */
  readonly startedMs: number;
  /** The time zone of the recorded machine and its changes, oldest first; empty in recordings that do not name it. */
  readonly zones: readonly ZoneChange[];
  /** Nominal interval, seconds. */
  readonly intervalS: number;
  readonly restrictions: Restrictions;
  readonly tools: readonly RecordedTool[];
  /** Sentences for the user: tools and columns that this version of ktop does not support. */
  readonly warnings: readonly string[];
}

/** One interval of a recording: the ticks of all tools. */
export interface RecordedTick {
  /** Wall clock at the end of the interval, milliseconds since the epoch. */
  readonly time: number;
  readonly peaks: Peaks;
  /** The host without its names, which are in the header. */
  readonly host: Omit<HostInfo, "host" | "kernel">;
  readonly self: SelfCost;
  /** Each running tool's tick, by tool name. */
  readonly toolTicks: ReadonlyMap<string, Tick>;
  /** Tools that failed since the start, by name. */
  readonly failed: ReadonlyMap<string, ToolState>;
  /** How many of a tool's losses are dropped rows, by name. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Flags of tools that are not those of the header, by name. */
  readonly flags: ReadonlyMap<string, Readonly<Record<string, FlagValue>>>;
  /** The process that all tools were narrowed to; null: none. */
  readonly pivot: Pivot | null;
}

/** The keys of peaks in the trailer. */
export const PEAK_KEYS: Readonly<Record<PeakKind, string>> = {
  reads: "reads_per_s",
  written: "written_bytes_per_s",
  latency: "lat_us",
  lost: "lost",
};
