/**
 * Serializes a model into lines of a recording; format.ts describes them.
 *
 * @module
 */
import {
  type Column,
  type FlagValue,
  hasRest,
  type MachineFigures,
  type Model,
  PEAK_KINDS,
  type Peaks,
  peaksOf,
  type Restrictions,
  type Row,
  type Stacks,
  type Stall,
  type Tick,
  type ToolInfo,
  type ToolModel,
  withoutRoundingError,
  withRest,
} from "../model/mod.ts";
import { joinPieces, ndjsonLinePieces, ndjsonRowWriter, type Piece, TextBuffer } from "../output/mod.ts";
import { zoneChanges } from "../text/mod.ts";
import {
  MAX_LINE_BYTES,
  MAX_ROWS,
  MAX_TICK_BYTES,
  PEAK_KEYS,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  RESOURCES,
} from "./format.ts";

/** What the header holds of the options of a tool. */
export interface RecordedOptions {
  readonly options: {
    readonly filters: Omit<Restrictions, "tier" | "command"> & {
      /** The words of the followed command. */
      readonly followed?: readonly string[] | { toJSON(): readonly string[] } | undefined;
    };
    readonly tier?: string;
    readonly flags: Readonly<Record<string, FlagValue>>;
  };
}

/** Contents of the header. */
export interface RecordingStart {
  /** The model after all tools were attached or failed. */
  readonly model: Model;
  /** The tools' options, in the model's order. */
  readonly requests: readonly RecordedOptions[];
  /** Version of ktop. */
  readonly ktop: string;
}

/** The columns without lists: a chain of processes stays one text, because a reader bounds the number of objects in a line. */
const recordedColumns = ({ columns }: ToolInfo): Column[] => columns.map(({ holds: _, ...column }) => column);

const line = (value: unknown): string => JSON.stringify(value) + "\n";

function stateFields({ state }: ToolModel): Record<string, unknown> {
  if (state.kind === "running") return { tier: state.tier, missing: state.missing };
  const { reason, remedy } = state.kind === "unavailable" ? state : { reason: "not attached", remedy: "" };
  return { tier: null, reason, remedy };
}

/** The first line of a recording. */
export function recordingHeader({ model, requests, ktop }: RecordingStart): string {
  const { host, intervalS, time, tools } = model;
  return line({
    format: RECORDING_FORMAT,
    v: RECORDING_VERSION,
    ktop,
    host: host.host,
    kernel: host.kernel,
    started: new Date(time).toISOString(),
    zones: zoneChanges(time).map(({ fromMs, zone }) => ({
      from: new Date(fromMs).toISOString(),
      name: zone.name,
      utc_offset_s: zone.offsetS,
    })),
    interval_s: intervalS,
    filters: requests[0]?.options.filters ?? {},
    forced_tier: requests[0]?.options.tier,
    tools: tools.map((model, i) => ({
      tool: model.tool.name,
      ...stateFields(model),
      flags: requests[i]?.options.flags ?? {},
      view: model.tool.view,
      columns: model.tool.columns.map(({ key }) => key),
    })),
  });
}

/** Longest JSON of a number, or of a name that is computed from a value (an error, a mode). */
const MAX_SHORT_LENGTH = 24;
/** Longest JSON of a UTF-16 code unit, a lone surrogate: `\ud800`. */
const MAX_UNIT_BYTES = 6;

/** An upper estimate of the bytes of rows in JSON, without serializing them. */
function mostBytes(rows: readonly Row[], { columns }: ToolInfo): number {
  const keys = columns.reduce((sum, { key }) => sum + 2 * (key.length + MAX_SHORT_LENGTH + 8), 2);
  let bytes = rows.length * keys;
  for (const row of rows) {
    for (const key in row) {
      const value = row[key];
      if (typeof value === "string") bytes += MAX_UNIT_BYTES * value.length;
    }
  }
  return bytes;
}

/** How many rows fit into `maxBytes`, counted from the newest event or from the first row of a table. */
function fittingRows(rows: readonly Row[], tool: ToolInfo, maxBytes: number): number {
  const most = Math.min(rows.length, MAX_ROWS);
  if (rows.length <= MAX_ROWS && mostBytes(rows, tool) <= maxBytes) return rows.length;
  const writeRow = ndjsonRowWriter(recordedColumns(tool));
  const text = new TextBuffer();
  let bytes = 0;
  for (let count = 0; count < most; count++) {
    const row = rows[tool.view === "events" ? rows.length - 1 - count : count]!;
    writeRow(row, text);
    bytes += text.take().length + 1;
    if (bytes > maxBytes) return count;
  }
  return most;
}

/** Bytes for what a line holds beside rows and histograms. */
const LINE_HEAD_BYTES = 4096;

/**
 * The tick without the rows that exceed `maxBytes`: the oldest events, or the last rows of a table. They are in its rest if it has one,
 * else they count as lost.
 */
function fitting(tick: Tick, tool: ToolInfo, maxBytes: number): Tick {
  const { rows, lost } = tick;
  const histograms = JSON.stringify(tick.histograms ?? []).length * 3;
  const count = fittingRows(rows, tool, maxBytes - histograms - LINE_HEAD_BYTES);
  const dropped = rows.length - count;
  if (dropped === 0) return tick;
  if (hasRest(tick)) {
    const kept = tool.view === "events" ? rows.slice(dropped) : rows.slice(0, Math.max(0, count - 1));
    return withRest(tick, tool, new Set(kept));
  }
  return tool.view === "events"
    ? { ...tick, rows: rows.slice(dropped), lost: { ...lost, events: lost.events + dropped } }
    : { ...tick, rows: rows.slice(0, count), lost: { ...lost, keys: lost.keys + dropped } };
}

/** Characters of the stacks in a line. */
const MAX_STACKS = 65_536;

/** The largest stacks; the weight of the others is added to what was dropped. */
function fittingStacks(stacks: Stacks | undefined): Stacks | undefined {
  if (stacks === undefined) return undefined;
  let length = 0;
  const cut = stacks.counts.findIndex(({ stack }) => (length += stack.length) > MAX_STACKS);
  if (cut < 0) return stacks;
  const dropped = stacks.counts.slice(cut).reduce((sum, { weight }) => sum + weight, stacks.dropped ?? 0);
  return { ...stacks, counts: stacks.counts.slice(0, cut), dropped };
}

function failedTools(tools: readonly ToolModel[]): Record<string, unknown> {
  const failed = tools.flatMap(({ tool, state }) =>
    state.kind === "unavailable" ? [{ tool: tool.name, reason: state.reason, remedy: state.remedy }] : []
  );
  return failed.length > 0 ? { failed } : {};
}

function stallFields(name: string, stall: Stall | undefined): Record<string, number> {
  if (stall === undefined) return {};
  return {
    [`${name}_some_pct`]: stall.some,
    ...(stall.full === null ? {} : { [`${name}_full_pct`]: stall.full }),
  };
}

/** What is measured of the machine; JSON.stringify() leaves out what is undefined. */
function machineFields({ pressure, network, disks }: MachineFigures): Record<string, unknown> {
  return {
    pressure: pressure && Object.assign({}, ...RESOURCES.map((name) => stallFields(name, pressure[name]))),
    network: network &&
      { received_bytes: network.inBytes, sent_bytes: network.outBytes, interval_s: network.intervalS },
    disks: disks && { read_bytes: disks.inBytes, written_bytes: disks.outBytes, interval_s: disks.intervalS },
  };
}

function peakFields(peaks: Peaks): Record<string, number> {
  const fields = PEAK_KINDS.flatMap((kind) => {
    const peak = peaks[kind];
    return peak === undefined ? [] : [[PEAK_KEYS[kind], withoutRoundingError(peak.value)]];
  });
  return Object.fromEntries(fields);
}

/**
 * The lines of one tick, in pieces that bound the memory of their text: one line for each running tool, as `--json` prints
 * it, then the trailer.
 *
 * @param number Ticks so far, this one included.
 */
export function* recordingPieces(model: Model, number: number): Generator<Piece> {
  const { host, self, time, tools } = model;
  const maxLineBytes = Math.min(MAX_LINE_BYTES, Math.floor(MAX_TICK_BYTES / (tools.length + 1)));
  for (const { tool, state, tick, droppedRows, flags, pastFlags = [] } of tools) {
    if (state.kind !== "running" || tick === null) continue;
    const fitted = fitting(tick, tool, maxLineBytes);
    const dropped = droppedRows + (hasRest(fitted) ? 0 : tick.rows.length - fitted.rows.length);
    yield* ndjsonLinePieces(fitted, { columns: recordedColumns(tool) }, {
      map_fill: tick.mapFill,
      dropped: dropped > 0 ? dropped : undefined,
      flags: pastFlags.length > 0 ? flags : undefined,
      stacks: fittingStacks(tick.stacks),
    });
  }
  yield line({
    tick: number,
    time: new Date(time).toISOString(),
    load: host.load,
    tasks: host.tasks,
    uptime_s: host.uptimeS,
    ...machineFields(host),
    self: {
      cpu_ms_per_s: self.cpuMsPerS === null ? null : Number(self.cpuMsPerS.toFixed(3)),
      rss_bytes: self.rssBytes,
    },
    peaks: peakFields(peaksOf(model)),
    ...failedTools(tools),
    pivot: model.pivot ?? undefined,
  });
}

/** As {@linkcode recordingPieces}, in one string. */
export function recordingTick(model: Model, number: number): string {
  return joinPieces(recordingPieces(model, number));
}
