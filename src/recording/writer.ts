/**
 * Serializes a model into lines of a recording; format.ts describes them.
 *
 * @module
 */
import type { Model, Tick, ToolInfo, ToolModel } from "../model/mod.ts";
import type { ToolRequest } from "../monitor/mod.ts";
import { ndjsonLine } from "../output/mod.ts";
import { zoneChanges } from "../text/mod.ts";
import { MAX_LINE_BYTES, MAX_TICK_BYTES, RECORDING_FORMAT, RECORDING_VERSION } from "./format.ts";

/** Contents of the header. */
export interface RecordingStart {
  /** The model after all tools were attached or failed. */
  readonly model: Model;
  /** The tools' options, in the model's order. */
  readonly requests: readonly ToolRequest[];
  /** Version of ktop. */
  readonly ktop: string;
}

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

const encoder = new TextEncoder();

/** A tick with only its first rows; the dropped ones count as lost. */
function withRows(tick: Tick, view: ToolInfo["view"], count: number): Tick {
  const dropped = tick.rows.length - count;
  const lost = view === "events"
    ? { ...tick.lost, events: tick.lost.events + dropped }
    : { ...tick.lost, keys: tick.lost.keys + dropped };
  return { ...tick, rows: tick.rows.slice(0, count), lost };
}

/** The line of a tool, with as many rows as fit into `maxBytes`. */
function tickLine(tool: ToolInfo, tick: Tick, maxBytes: number): string {
  const text = ndjsonLine(tick, { columns: tool.columns }, { map_fill: tick.mapFill });
  // A UTF-16 code unit takes at most three bytes in UTF-8, a surrogate pair four.
  const bytes = text.length * 3 <= maxBytes ? 0 : encoder.encode(text).length;
  if (bytes <= maxBytes || tick.rows.length === 0) return text;
  const fitting = Math.floor(tick.rows.length * 0.95 * maxBytes / bytes);
  return tickLine(tool, withRows(tick, tool.view, fitting), maxBytes);
}

function failedTools(tools: readonly ToolModel[]): Record<string, unknown> {
  const failed = tools.flatMap(({ tool, state }) =>
    state.kind === "unavailable" ? [{ tool: tool.name, reason: state.reason, remedy: state.remedy }] : []
  );
  return failed.length > 0 ? { failed } : {};
}

/**
 * The lines of one tick: one for each running tool, as `--json` prints it, then the trailer.
 *
 * @param number Ticks so far, this one included.
 */
export function recordingTick(model: Model, number: number): string {
  const { host, self, time, tools } = model;
  const maxLineBytes = Math.min(MAX_LINE_BYTES, Math.floor(MAX_TICK_BYTES / (tools.length + 1)));
  const lines = tools.map(({ tool, state, tick }) =>
    state.kind === "running" && tick !== null ? tickLine(tool, tick, maxLineBytes) : ""
  );
  const trailer = line({
    tick: number,
    time: new Date(time).toISOString(),
    load: host.load,
    tasks: host.tasks,
    uptime_s: host.uptimeS,
    self: {
      cpu_ms_per_s: self.cpuMsPerS === null ? null : Number(self.cpuMsPerS.toFixed(3)),
      rss_bytes: self.rssBytes,
    },
    ...failedTools(tools),
  });
  return lines.join("") + trailer;
}
