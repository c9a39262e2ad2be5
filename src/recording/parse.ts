/**
 * Parses lines of a recording. Pure. The result is safe to show and to sum: text is escaped, numbers are bounded.
 *
 * @module
 */
import { type Histogram, makeTick, type Tick, type ToolInfo, type ToolState } from "../model/mod.ts";
import type { Tool } from "../tools/mod.ts";
import {
  amount,
  count,
  field,
  type Json,
  list,
  number,
  object,
  parseObject,
  RecordingError,
  text,
  time,
} from "./fields.ts";
import { type RecordedTick, RECORDING_FORMAT, RECORDING_VERSION, type RecordingHeader } from "./format.ts";
import { recordedRow, recordedState, recordedTools } from "./recorded_tools.ts";

/** Start of the line that ends a tick. */
const TICK_START = new TextEncoder().encode('{"tick":');

const MAX_ROWS = 200_000;
const MAX_HISTOGRAMS = 10_000;
const MAX_SLOTS = 128;
const MAX_NAME = 64;
/** Longest plausible interval, seconds: a day, as the nominal interval is at most an hour. */
const MAX_INTERVAL_S = 86_400;

/** A line after the header. */
export type RecordedLine =
  | { readonly kind: "tool"; readonly tick: Tick }
  | { readonly kind: "tick"; readonly tick: Omit<RecordedTick, "ticks"> }
  /** A kind of line, or a tool, that this ktop does not know. */
  | { readonly kind: "unknown" };

const intervalOf = (from: Json): number =>
  number(field(from, "interval_s"), { min: 1e-6, max: MAX_INTERVAL_S, otherwise: 1 });

/**
 * Reads the header.
 *
 * @param tools The tools of this ktop.
 * @throws RecordingError where it is not a recording, or made by a newer ktop.
 */
export function parseHeader(bytes: Uint8Array, tools: readonly Tool[]): RecordingHeader {
  let from: Json;
  try {
    from = parseObject(bytes);
  } catch {
    throw new RecordingError("is not a recording of ktop");
  }
  if (field(from, "format") !== RECORDING_FORMAT) throw new RecordingError("is not a recording of ktop");
  const version = number(field(from, "v"), { min: 1, max: Number.MAX_VALUE, otherwise: 0 });
  if (version !== RECORDING_VERSION) {
    const made = version > RECORDING_VERSION ? "a newer ktop" : "something else";
    throw new RecordingError(
      `was made by ${made}: version ${version} of the format, ktop ${text(field(from, "ktop"), MAX_NAME)}`,
      {
        remedy: `This ktop reads version ${RECORDING_VERSION}.`,
      },
    );
  }
  const notes: string[] = [];
  return {
    ktop: text(field(from, "ktop"), MAX_NAME),
    host: text(field(from, "host"), 256),
    kernel: text(field(from, "kernel"), 256),
    started: time(field(from, "started")),
    intervalS: intervalOf(from),
    tools: recordedTools(field(from, "tools"), tools, notes),
    notes,
  };
}

function histogramsOf(value: unknown): Pick<Tick, "histograms"> {
  if (value === undefined) return {};
  const histograms = list(value, MAX_HISTOGRAMS).map((entry): Histogram => {
    const from = object(entry);
    const sum = field(from, "sum");
    return {
      label: text(field(from, "label"), 256),
      unit: text(field(from, "unit"), MAX_NAME),
      slots: list(field(from, "slots"), MAX_SLOTS).map(count),
      ...(sum === undefined ? {} : { sum: amount(sum) }),
    };
  });
  return { histograms };
}

function toolTick(from: Json, tool: ToolInfo): Tick {
  const lost = object(field(from, "lost") ?? {});
  return makeTick(tool, {
    time: time(field(from, "time")),
    intervalS: intervalOf(from),
    tier: text(field(from, "tier"), MAX_NAME),
    lost: { events: count(field(lost, "events")), keys: count(field(lost, "keys")) },
    mapFill: number(field(from, "map_fill"), { min: 0, max: 1, otherwise: undefined }),
  }, {
    rows: list(field(from, "rows"), MAX_ROWS).map((row) => recordedRow(tool, row)),
    ...histogramsOf(field(from, "histograms")),
  });
}

function failures(value: unknown, tools: ReadonlyMap<string, ToolInfo>): ReadonlyMap<string, ToolState> {
  const failed = new Map<string, ToolState>();
  for (const entry of list(value, tools.size)) {
    const from = object(entry);
    const name = text(field(from, "tool"), MAX_NAME);
    if (tools.has(name)) failed.set(name, recordedState(from));
  }
  return failed;
}

function tickLine(from: Json, tools: ReadonlyMap<string, ToolInfo>): Omit<RecordedTick, "ticks"> {
  const [one, five, fifteen] = list(field(from, "load"), 3);
  const tasks = object(field(from, "tasks") ?? {});
  const self = object(field(from, "self") ?? {});
  return {
    time: time(field(from, "time")),
    host: {
      uptimeS: amount(field(from, "uptime_s")),
      load: [amount(one), amount(five), amount(fifteen)],
      tasks: { running: count(field(tasks, "running")), total: count(field(tasks, "total")) },
    },
    self: {
      cpuMsPerS: number(field(self, "cpu_ms_per_s"), { min: 0, max: 1e9, otherwise: null }),
      rssBytes: count(field(self, "rss_bytes")),
    },
    failed: failures(field(from, "failed"), tools),
  };
}

/** True for the line that ends a tick. Checks only its start, so that indexing need not parse rows. */
export function isTickLine(bytes: Uint8Array): boolean {
  return TICK_START.every((byte, i) => bytes[i] === byte);
}

/** The time of a line that ends a tick. Throws RecordingError. */
export function tickTime(bytes: Uint8Array): number {
  return time(field(parseObject(bytes), "time"));
}

/**
 * Reads a line after the header.
 *
 * @param tools The header's tools, by name.
 * @throws RecordingError; its message continues "line 7 …".
 */
export function parseLine(bytes: Uint8Array, tools: ReadonlyMap<string, ToolInfo>): RecordedLine {
  const from = parseObject(bytes);
  if (isTickLine(bytes)) return { kind: "tick", tick: tickLine(from, tools) };
  const name = field(from, "tool");
  const tool = typeof name === "string" ? tools.get(name) : undefined;
  return tool ? { kind: "tool", tick: toolTick(from, tool) } : { kind: "unknown" };
}
