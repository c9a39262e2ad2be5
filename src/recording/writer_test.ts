import assert from "node:assert/strict";
import { header, modelOf, STARTED, TOOLS } from "../../tests/support/recordings.ts";
import { limitModelRows, type Model, type Row } from "../model/mod.ts";
import { MAX_LINE_BYTES, MAX_ROWS } from "./format.ts";
import { ndjsonLines } from "../output/mod.ts";
import { useZone, zoneOf } from "../text/mod.ts";
import { parseHeader } from "./parse.ts";
import { recordingHeader, recordingTick } from "./writer.ts";

Deno.test("recordingHeader() writes format, version, host, kernel, start, zone, and each tool with its columns", () => {
  const changes = [
    { fromMs: STARTED, zone: { name: "CET", offsetS: 3600 } },
    { fromMs: Date.parse("2027-03-28T01:00:00Z"), zone: { name: "CEST", offsetS: 7200 } },
    { fromMs: Date.parse("2027-10-31T01:00:00Z"), zone: { name: "CET", offsetS: 3600 } },
  ];
  const before = useZone(zoneOf(changes));
  const { tools, ...rest } = JSON.parse(header());
  assert.deepEqual(rest, {
    format: "ktop-recording",
    v: 1,
    ktop: "0.1.0",
    host: "vm",
    kernel: "6.1",
    started: new Date(STARTED).toISOString(),
    zones: [
      { from: new Date(STARTED).toISOString(), name: "CET", utc_offset_s: 3600 },
      { from: "2027-03-28T01:00:00.000Z", name: "CEST", utc_offset_s: 7200 },
      { from: "2027-10-31T01:00:00.000Z", name: "CET", utc_offset_s: 3600 },
    ],
    interval_s: 1,
    filters: {},
  });
  assert.deepEqual(parseHeader(new TextEncoder().encode(header()), TOOLS).zones, changes);
  useZone(before);
  assert.deepEqual(tools[0], {
    tool: "files",
    tier: "tracepoint",
    missing: [],
    flags: {},
    view: "table",
    columns: ["pid", "file", "reads"],
  });
});

Deno.test("recordingHeader() writes the reason and remedy of a tool that cannot run", () => {
  const model = modelOf(0, {
    states: [{ kind: "unavailable", reason: "no kprobes", remedy: "Another kernel." }],
  });
  const [entry] = JSON.parse(recordingHeader({ model, requests: [], ktop: "0.1.0" })).tools;
  assert.deepEqual([entry.tier, entry.reason, entry.remedy], [null, "no kprobes", "Another kernel."]);
});

Deno.test("recordingTick() writes a line for each running tool as --json prints it, then the trailer", () => {
  const model = modelOf(3);
  const lines = recordingTick(model, 3).trimEnd().split("\n");
  const printed = ndjsonLines(model).trimEnd().split("\n");
  assert.equal(lines[0], `${printed[0]!.slice(0, -1)},"map_fill":0.25}`);
  assert.deepEqual(lines.slice(1, 3), printed.slice(1));
  assert.match(lines[3]!, /^\{"tick":3,"time":"2026-11-20T18:00:03\.000Z","load":\[1,2,3\]/);
  assert.equal(lines.length, 4);
});

Deno.test("recordingTick() leaves out an unavailable tool, and writes the reason in the trailer", () => {
  const states = [{ kind: "unavailable", reason: "gone", remedy: "" }] as const;
  const model = modelOf(3, { states });
  // Slot.fail() clears the tick.
  const tools = model.tools.map((tool) => tool.state.kind === "unavailable" ? { ...tool, tick: null } : tool);
  const lines = recordingTick({ ...model, tools }, 3).trimEnd().split("\n");
  assert.equal(lines.length, 3);
  assert.deepEqual(JSON.parse(lines[2]!).failed, [{ tool: "files", reason: "gone", remedy: "" }]);
  assert.doesNotMatch(recordingTick(modelOf(3), 3), /failed/);
});

Deno.test("recordingTick() writes no line longer than the reader accepts, and counts dropped rows as lost", () => {
  const rows = Array.from({ length: 12_000 }, (_, i) => ({ pid: i, file: "日".repeat(1000), reads: 1 }));
  const [line] = recordingTick(modelOf(1, { rows }), 1).split("\n");
  const bytes = new TextEncoder().encode(line).length;
  assert.ok(bytes <= MAX_LINE_BYTES && bytes > MAX_LINE_BYTES * 0.8, `${bytes} bytes`);
  const { rows: kept, lost } = JSON.parse(line!);
  assert.deepEqual([kept.length + lost.keys, kept.at(-1).pid], [12_000, kept.length - 1]);
});

/** The model with these rows of its third tool, whose rows are events. */
function eventModel(rows: readonly Row[]): Model {
  const model = modelOf(1);
  const tools = model.tools.map((tool, i) => i === 2 ? { ...tool, tick: { ...tool.tick!, rows } } : tool);
  return { ...model, tools };
}

/** The parsed line of the events. */
const eventLine = (model: Model) => JSON.parse(recordingTick(model, 1).split("\n")[2]!);

Deno.test("recordingTick() drops the oldest events of a line that is too long, and writes the newest", () => {
  const rows = Array.from({ length: 12_003 }, (_, i) => ({ time: "日".repeat(1000), lat_us: i }));
  const { rows: kept, lost } = eventLine(eventModel(rows));
  assert.equal(kept.at(-1).lat_us, 12_002);
  // Two events of this tick were lost before.
  assert.deepEqual([kept[0].lat_us, kept.length + lost.events], [lost.events - 2, 12_003 + 2]);
  assert.ok(kept.length > 4000);
});

Deno.test("recordingTick() writes no more rows than the reader accepts", () => {
  const rows = Array.from({ length: MAX_ROWS + 7 }, (_, i) => ({ lat_us: i }));
  const { rows: kept, lost } = eventLine(eventModel(rows));
  assert.deepEqual([kept.length, kept[0].lat_us, lost.events], [MAX_ROWS, 7, 9]);
});

Deno.test("recordingHeader() writes the filters and the forced tier, and parseHeader() reads them", () => {
  const filters = {
    self: false,
    pid: "!7",
    ppid: 8,
    user: "!www",
    comm: "nginx",
    container: ["web", "!db"],
    unit: ["a"],
    pod: ["p"],
    cgroup: ["/web"],
    followed: { toJSON: () => ["make", "a b"] },
  } as const;
  const requests = TOOLS.map((tool) => ({
    tool,
    options: { filters, flags: { failed: true, name: "x" }, tier: "kprobe" as const },
  }));
  const text = recordingHeader({ model: modelOf(0), requests, ktop: "0.1.0" });
  const read = parseHeader(new TextEncoder().encode(text), TOOLS);
  const { self: _, followed, ...recorded } = filters;
  assert.deepEqual(read.restrictions, { ...recorded, command: followed.toJSON(), tier: "kprobe" });
  assert.deepEqual(read.tools[0]?.flags, { failed: true, name: "x" });
});

Deno.test("recordingTick() writes rows that exceed a line into a rest that the tick has, not as lost", () => {
  const rows = Array.from({ length: 12_000 }, (_, i) => ({ pid: i, file: "日".repeat(1000), reads: 1 }));
  const [line] = recordingTick(limitModelRows(modelOf(1, { rows }), 11_900), 1).split("\n");
  assert.ok(new TextEncoder().encode(line).length <= MAX_LINE_BYTES);
  const { rows: kept, lost, rest } = JSON.parse(line!);
  assert.deepEqual(lost, { events: 0, keys: 0, runs: 0 });
  assert.deepEqual([kept.length - 1 + rest.rows, kept.at(-1).reads, kept.at(-1).file], [
    12_000,
    rest.rows,
    "(other)",
  ]);
});
