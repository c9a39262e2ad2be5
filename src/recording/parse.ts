/**
 * Parses lines of a recording. Pure. The result is safe to show and to sum: text is escaped, numbers are bounded.
 *
 * @module
 */
import {
  type FlagValue,
  type Histogram,
  type IdFilter,
  type MachineFigures,
  makeTick,
  PEAK_KINDS,
  type Peaks,
  type Pivot,
  REST_KEY,
  type Restrictions,
  type Stall,
  type Tick,
  type ToolInfo,
  type ToolState,
  type Traffic,
} from "../model/mod.ts";
import type { ZoneChange } from "../text/mod.ts";
import type { Tool } from "../tools/mod.ts";
import {
  arrayField,
  field,
  type Json,
  nonNegativeInteger,
  nonNegativeNumber,
  number,
  objectElement,
  objectField,
  parseObject,
  parseTimestamp,
  RecordingError,
  text,
} from "./fields.ts";
import {
  MAX_ROWS,
  PEAK_KEYS,
  type RecordedTick,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordingHeader,
  RESOURCES,
} from "./format.ts";
import { recordedFlags, recordedRow, recordedState, recordedSums, recordedTools } from "./recorded_tools.ts";

/** Start of the line that ends a tick, its trailer. */
const TRAILER_PREFIX = new TextEncoder().encode('{"tick":');

const PIVOT_STATES = ["narrowed", "ended", "gone"] as const;

const MAX_HISTOGRAMS = 10_000;
const MAX_SLOTS = 128;
const MAX_STACKS = 10_000;
const MAX_STACK = 16_384;
const MAX_NAME = 64;
const MAX_PATH = 4096;
const MAX_ZONES = 64;
/** Largest offset of a time zone: tzfile(5). */
const MAX_OFFSET_S = 26 * 3600;
/** Longest accepted interval, seconds: a day, because the nominal interval is at most an hour. */
const MAX_INTERVAL_S = 86_400;

/** What the trailer of a tick holds. */
type Trailer = Omit<RecordedTick, "toolTicks" | "dropped" | "flags">;

/** A line after the header. */
export type RecordedLine =
  | {
    readonly kind: "tool";
    readonly tick: Tick;
    /** Rows that were dropped, which count as lost too. */
    readonly dropped: number;
    /** null: those of the header. */
    readonly flags: Readonly<Record<string, FlagValue>> | null;
  }
  | { readonly kind: "trailer"; readonly tick: Trailer }
  /** A kind of line or a tool that this version of ktop does not support. */
  | { readonly kind: "unknown" };

const intervalOf = (from: Json): number =>
  number(field(from, "interval_s"), { min: 1e-6, max: MAX_INTERVAL_S, fallback: 1 });

/** A filter by process id; null: none. */
function idFilter(from: unknown): IdFilter | null {
  const except = typeof from === "string" ? /^!(\d{1,10})$/.exec(from)?.[1] : undefined;
  if (except !== undefined) return `!${Number(except)}`;
  const id = nonNegativeInteger(from ?? 0);
  return id === 0 ? null : id;
}

const LIST_FILTERS = ["container", "unit", "pod", "cgroup"] as const;
const MAX_FILTERS = 64;

/** A filter with several values. Older recordings have a text. */
function filterList(from: unknown): string[] {
  const values = Array.isArray(from) ? from.slice(0, MAX_FILTERS) : [from];
  return values.map((value) => text(value, MAX_PATH)).filter((value) => value !== "");
}

function restrictionsOf(from: Json): Restrictions {
  const filters = objectField(from, "filters");
  const pid = idFilter(field(filters, "pid"));
  const ppid = idFilter(field(filters, "ppid"));
  const user = text(field(filters, "user"), MAX_NAME);
  const comm = text(field(filters, "comm"), MAX_NAME);
  const lists = LIST_FILTERS.flatMap((name) => {
    const values = filterList(field(filters, name));
    return values.length === 0 ? [] : [[name, values]];
  });
  const followed = field(filters, "followed");
  const command = Array.isArray(followed)
    ? followed.slice(0, MAX_FILTERS).map((word) => text(word, MAX_PATH))
    : [];
  const tier = text(field(from, "forced_tier"), MAX_NAME);
  return {
    ...(pid === null ? {} : { pid }),
    ...(ppid === null ? {} : { ppid }),
    ...(user === "" ? {} : { user }),
    ...(comm === "" ? {} : { comm }),
    ...Object.fromEntries(lists),
    ...(command.length === 0 ? {} : { command }),
    ...(tier === "" ? {} : { tier }),
  };
}

function zonesOf(header: Json): ZoneChange[] {
  return arrayField(header, "zones", MAX_ZONES).map((element) => {
    const from = objectElement(element, "zones");
    const bounds = { min: -MAX_OFFSET_S, max: MAX_OFFSET_S, fallback: 0 };
    return {
      fromMs: parseTimestamp(field(from, "from")),
      zone: {
        name: text(field(from, "name"), MAX_NAME),
        offsetS: Math.trunc(number(field(from, "utc_offset_s"), bounds)),
      },
    };
  });
}

/**
 * Reads the header.
 *
 * @param tools The tools of this ktop.
 * @throws RecordingError if it is not a recording, or a newer ktop made it.
 */
export function parseHeader(bytes: Uint8Array, tools: readonly Tool[]): RecordingHeader {
  let from: Json;
  try {
    from = parseObject(bytes);
  } catch {
    throw new RecordingError("is not a recording of ktop", { kind: "notARecording" });
  }
  if (field(from, "format") !== RECORDING_FORMAT) {
    throw new RecordingError("is not a recording of ktop", { kind: "notARecording" });
  }
  const version = number(field(from, "v"), { min: 1, max: Number.MAX_VALUE, fallback: 0 });
  if (version !== RECORDING_VERSION) {
    const isNewer = version > RECORDING_VERSION;
    const made = isNewer ? "a newer ktop" : "something else";
    throw new RecordingError(
      `was made by ${made}: version ${version} of the format, ktop ${text(field(from, "ktop"), MAX_NAME)}`,
      {
        kind: isNewer ? "newerVersion" : "damaged",
        remedy: `This ktop reads version ${RECORDING_VERSION}.`,
      },
    );
  }
  const warnings: string[] = [];
  return {
    ktop: text(field(from, "ktop"), MAX_NAME),
    host: text(field(from, "host"), 256),
    kernel: text(field(from, "kernel"), 256),
    startedMs: parseTimestamp(field(from, "started")),
    zones: zonesOf(from),
    intervalS: intervalOf(from),
    restrictions: restrictionsOf(from),
    tools: recordedTools(from, tools, warnings),
    warnings,
  };
}

function histogramsOf(line: Json): Pick<Tick, "histograms"> {
  if (field(line, "histograms") === undefined) return {};
  const histograms = arrayField(line, "histograms", MAX_HISTOGRAMS).map((element): Histogram => {
    const from = objectElement(element, "histograms");
    const sum = field(from, "sum");
    return {
      label: text(field(from, "label"), 256),
      unit: text(field(from, "unit"), MAX_NAME),
      slots: arrayField(from, "slots", MAX_SLOTS).map(nonNegativeInteger),
      ...(sum === undefined ? {} : { sum: nonNegativeNumber(sum) }),
    };
  });
  return { histograms };
}

function stacksOf(line: Json): Pick<Tick, "stacks"> {
  if (field(line, "stacks") === undefined) return {};
  const from = objectField(line, "stacks");
  const counts = arrayField(from, "counts", MAX_STACKS).map((element) => {
    const count = objectElement(element, "stacks");
    return {
      stack: text(field(count, "stack"), MAX_STACK),
      weight: nonNegativeNumber(field(count, "weight") ?? 0),
    };
  });
  const dropped = nonNegativeNumber(field(from, "dropped") ?? 0);
  return {
    stacks: { weight: text(field(from, "weight"), MAX_NAME), counts, ...(dropped > 0 ? { dropped } : {}) },
  };
}

/** The rows of a line and its rest, which of a table is the last row. */
function rowsOf(line: Json, tool: ToolInfo): Pick<Tick, "rows" | "rest"> {
  const rows = arrayField(line, "rows", MAX_ROWS).map((row) => recordedRow(tool, row));
  if (field(line, "rest") === undefined) return { rows };
  const from = objectField(line, "rest");
  const count = nonNegativeInteger(field(from, "rows"));
  if (count === 0) return { rows };
  if (tool.view === "events") return { rows, rest: { rows: count, sums: recordedSums(tool, from) } };
  return { rows: rows.map((row, i) => i === rows.length - 1 ? { ...row, [REST_KEY]: count } : row) };
}

function toolTick(from: Json, tool: ToolInfo): Tick {
  const lost = objectField(from, "lost");
  const list = rowsOf(from, tool);
  return makeTick(tool, {
    time: parseTimestamp(field(from, "time")),
    intervalS: intervalOf(from),
    tier: text(field(from, "tier"), MAX_NAME),
    lost: {
      events: nonNegativeInteger(field(lost, "events")),
      keys: nonNegativeInteger(field(lost, "keys")),
      runs: lost["runs"] === undefined ? 0 : nonNegativeInteger(lost["runs"]),
    },
    mapFill: number(field(from, "map_fill"), { min: 0, max: 1, fallback: undefined }),
    droppedRows: list.rest?.rows,
  }, {
    ...list,
    ...histogramsOf(from),
    ...stacksOf(from),
  });
}

function failures(trailer: Json, tools: ReadonlyMap<string, ToolInfo>): ReadonlyMap<string, ToolState> {
  const failed = new Map<string, ToolState>();
  for (const element of arrayField(trailer, "failed", tools.size)) {
    const from = objectElement(element, "failed");
    const name = text(field(from, "tool"), MAX_NAME);
    if (tools.has(name)) failed.set(name, recordedState(from));
  }
  return failed;
}

function pivotOf(trailer: Json): Pivot | null {
  const from = objectField(trailer, "pivot");
  const pid = nonNegativeInteger(field(from, "pid"));
  const state = PIVOT_STATES.find((one) => one === field(from, "state"));
  return pid === 0 || state === undefined ? null : { pid, comm: text(field(from, "comm"), MAX_NAME), state };
}

function pressureOf(trailer: Json): Pick<MachineFigures, "pressure"> {
  const from = objectField(trailer, "pressure");
  const percent = (key: string): number | null =>
    number(field(from, key), { min: 0, max: 100, fallback: null });
  const stalls = RESOURCES.flatMap((name): (readonly [typeof name, Stall])[] => {
    const some = percent(`${name}_some_pct`);
    return some === null ? [] : [[name, { some, full: percent(`${name}_full_pct`) }]];
  });
  return stalls.length === 0 ? {} : { pressure: Object.fromEntries(stalls) };
}

/** The traffic under a key of the trailer, with the byte counts under these; null in the first interval, undefined if it was not measured. */
function trafficOf(
  trailer: Json,
  key: string,
  [inKey, outKey]: readonly [string, string],
): Traffic | null | undefined {
  const value = field(trailer, key);
  if (value === undefined || value === null) return value;
  const from = objectField(trailer, key);
  const bytes = (key: string): number => nonNegativeNumber(field(from, key));
  return { inBytes: bytes(inKey), outBytes: bytes(outKey), intervalS: intervalOf(from) };
}

function machineFigures(trailer: Json): MachineFigures {
  const network = trafficOf(trailer, "network", ["received_bytes", "sent_bytes"]);
  const disks = trafficOf(trailer, "disks", ["read_bytes", "written_bytes"]);
  return {
    ...pressureOf(trailer),
    ...(network === undefined ? {} : { network }),
    ...(disks === undefined ? {} : { disks }),
  };
}

function peaksIn(trailer: Json, atMs: number): Peaks {
  const from = objectField(trailer, "peaks");
  const peaks = PEAK_KINDS.flatMap((kind) => {
    const value = nonNegativeNumber(field(from, PEAK_KEYS[kind]));
    return value > 0 ? [[kind, { value, atMs }]] : [];
  });
  return Object.fromEntries(peaks);
}

function trailer(from: Json, tools: ReadonlyMap<string, ToolInfo>): Trailer {
  const [one, five, fifteen] = arrayField(from, "load", 3);
  const tasks = objectField(from, "tasks");
  const self = objectField(from, "self");
  const time = parseTimestamp(field(from, "time"));
  return {
    time,
    peaks: peaksIn(from, time),
    host: {
      uptimeS: nonNegativeNumber(field(from, "uptime_s")),
      load: [nonNegativeNumber(one), nonNegativeNumber(five), nonNegativeNumber(fifteen)],
      tasks: {
        running: nonNegativeInteger(field(tasks, "running")),
        total: nonNegativeInteger(field(tasks, "total")),
      },
      ...machineFigures(from),
    },
    self: {
      cpuMsPerS: number(field(self, "cpu_ms_per_s"), { min: 0, max: 1e9, fallback: null }),
      rssBytes: nonNegativeInteger(field(self, "rss_bytes")),
    },
    failed: failures(from, tools),
    pivot: pivotOf(from),
  };
}

/** True for the trailer of a tick. Checks only the start of the line, so that indexing need not parse rows. */
export function isTrailer(bytes: Uint8Array): boolean {
  return TRAILER_PREFIX.every((byte, i) => bytes[i] === byte);
}

/** The time of a trailer, milliseconds since the epoch, and its peaks. Throws RecordingError. */
export function trailerSummary(bytes: Uint8Array): { readonly time: number; readonly peaks: Peaks } {
  const from = parseObject(bytes);
  const time = parseTimestamp(field(from, "time"));
  return { time, peaks: peaksIn(from, time) };
}

/**
 * Reads a line after the header.
 *
 * @param tools The header's tools, by name.
 * @throws RecordingError; its message continues "after 3 ticks a line …".
 */
export function parseLine(bytes: Uint8Array, tools: ReadonlyMap<string, ToolInfo>): RecordedLine {
  const from = parseObject(bytes);
  if (isTrailer(bytes)) return { kind: "trailer", tick: trailer(from, tools) };
  const name = field(from, "tool");
  const tool = typeof name === "string" ? tools.get(name) : undefined;
  if (!tool) return { kind: "unknown" };
  const flags = field(from, "flags") === undefined ? null : recordedFlags(from);
  return {
    kind: "tool",
    tick: toolTick(from, tool),
    dropped: nonNegativeInteger(field(from, "dropped")),
    flags,
  };
}
