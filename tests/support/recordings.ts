/**
 * Models and recordings for unit tests, written by the code of `ktop record`. A tick is one second.
 *
 * @module
 */
import type { Column, Model, Row, Tick, ToolState, Unit } from "../../src/model/mod.ts";
import { NO_HISTORY, toolModel } from "../../src/monitor/mod.ts";
import { recordingHeader, recordingTick, type Source } from "../../src/recording/mod.ts";
import type { Tool } from "../../src/tools/tool.ts";

const column = (key: string, unit: Unit): Column => ({
  key,
  title: key.toUpperCase(),
  description: "",
  unit,
  width: 8,
  align: "left",
});

function makeTool(name: string, view: Tool["view"], columns: readonly Column[]): Tool {
  return {
    name,
    summary: "",
    view,
    columns,
    flags: [],
    graph: view === "counters" ? columns.map(({ key }) => key) : [],
    hooks: [],
    caveats: {},
    configure: () => ({}),
    sampler: () => ({ sample: () => null }),
    derive: () => ({ rows: [] }),
  };
}

/** Three tools: a table, counters and events. */
export const TOOLS: readonly Tool[] = [
  makeTool("files", "table", [
    column("pid", "id"),
    column("file", "text"),
    { ...column("reads", "count"), peak: "reads" },
  ]),
  makeTool("calls", "counters", [column("read", "count")]),
  makeTool("waits", "events", [column("time", "time"), { ...column("lat_us", "us"), peak: "latency" }]),
];

/** Start of the recording, Unix milliseconds. */
export const STARTED = Date.parse("2026-11-20T18:00:00.000Z");

const running: ToolState = { kind: "running", tier: "tracepoint", missing: [] };

/** The model after a tick, numbered from 1; 0: before the first tick. `change` replaces rows of the first tool, and states. */
export function modelOf(
  number: number,
  change: { rows?: readonly Row[]; states?: readonly ToolState[] } = {},
): Model {
  const time = STARTED + number * 1000;
  const rows: readonly (readonly Row[])[] = [
    change.rows ?? [{ pid: 7, file: `file-${number}`, reads: number }],
    [{ read: number * 10 }],
    [{ time: new Date(time - 300).toISOString(), lat_us: 1000 + number }],
  ];
  const tick = (tool: Tool, i: number): Tick => ({
    tool: tool.name,
    time: time - 5,
    intervalS: 1.000123,
    tier: "tracepoint",
    rows: rows[i] as readonly Row[],
    lost: { events: i, keys: 0, runs: 0 },
    ...(i === 0 ? { mapFill: 0.25 } : {}),
    ...(i === 2 ? { histograms: [{ label: "delay", unit: "us", slots: [0, 1, number] }] } : {}),
  });
  return {
    host: { host: "vm", kernel: "6.1", uptimeS: number, load: [1, 2, 3], tasks: { running: 1, total: 9 } },
    self: { cpuMsPerS: 2.5, rssBytes: 65e6 },
    intervalS: 1,
    time,
    snapshots: [],
    tools: TOOLS.map((tool, i) => {
      const state = change.states?.[i] ?? running;
      return toolModel({ tool, state, tick: number > 0 ? tick(tool, i) : null, history: NO_HISTORY });
    }),
  };
}

/** The header of the recording. */
export const header = (): string => recordingHeader({ model: modelOf(0), requests: [], ktop: "0.1.0" });

/** The text of a recording with this number of ticks. */
export function recordingText(ticks: number): string {
  const lines = Array.from({ length: ticks }, (_, i) => recordingTick(modelOf(i + 1), i + 1));
  return header() + lines.join("");
}

/** A source that yields bytes in chunks of `size` and counts its reads; unless `seekable`, it can be read once. */
export function chunkedSource(
  bytes: Uint8Array,
  { size = 100, seekable = true } = {},
): Source & { reads: number } {
  const source = {
    name: "test.ktop",
    seekable,
    reads: 0,
    async *read(offset: number): AsyncGenerator<Uint8Array> {
      source.reads++;
      for (let at = offset; at < bytes.length; at += size) {
        yield await Promise.resolve(bytes.slice(at, at + size));
      }
    },
  };
  return source;
}

/** As {@linkcode chunkedSource}, for text. */
export const textSource = (text: string, options?: { size?: number; seekable?: boolean }) =>
  chunkedSource(new TextEncoder().encode(text), options);

/**
 * Repeats a text in chunks of 64 KiB until the event loop has run once; a reader that occupies it gets an error instead of
 * the 2001st chunk, which takes any computer longer than one turn may last.
 */
export async function* untilEventLoop(text: string): AsyncGenerator<Uint8Array> {
  const chunk = new TextEncoder().encode(text.repeat(65_536 / text.length));
  let hasRun = false;
  const timer = setTimeout(() => hasRun = true);
  try {
    for (let chunks = 0; !hasRun; chunks++) {
      if (chunks === 2000) throw new Error("the event loop did not run");
      yield await Promise.resolve(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
}
