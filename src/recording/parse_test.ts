import assert from "node:assert/strict";
import { header, modelOf, TOOLS } from "../../tests/support/recordings.ts";
import { restCount, type Row } from "../model/mod.ts";
import { TOOLS as REAL_TOOLS } from "../tools/mod.ts";
import { recordingTick } from "./writer.ts";
import { RecordingError } from "./fields.ts";
import { parseHeader, parseLine } from "./parse.ts";

const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const byName = new Map(TOOLS.map((tool) => [tool.name, tool]));
const changed = (change: Record<string, unknown>): Uint8Array =>
  bytes({ ...JSON.parse(header()), ...change });
const tickLine = (change: Record<string, unknown>): Uint8Array => {
  const [first] = recordingTick(modelOf(1), 1).split("\n");
  return bytes({ ...JSON.parse(first!), ...change });
};

function rowsOf(line: Uint8Array, tools: Parameters<typeof parseLine>[1] = byName) {
  const parsed = parseLine(line, tools);
  assert.equal(parsed.kind, "tool");
  return parsed.kind === "tool" ? parsed.tick.rows : [];
}

Deno.test("parseHeader() rejects a file that is not a recording", () => {
  for (const line of ["root:x:0:0", "{}", '{"format":"other","v":1}', "[]"]) {
    assert.throws(() => parseHeader(bytes(line), TOOLS), /^RecordingError: is not a recording of ktop$/);
  }
});

Deno.test("parseHeader() reports the version of a newer ktop", () => {
  assert.throws(
    () => parseHeader(changed({ v: 2, ktop: "3.1.0" }), TOOLS),
    /made by a newer ktop: version 2 of the format, ktop 3\.1\.0/,
  );
  for (const v of [0, -1, "1", null]) {
    assert.throws(() => parseHeader(changed({ v }), TOOLS), /made by something else/);
  }
});

Deno.test("parseHeader() rejects a header without tools or time, or with a tool twice", () => {
  const entry = { tool: "files", tier: "kprobe" };
  for (
    const change of [{ tools: [] }, { tools: 5 }, { tools: [entry, entry] }, { started: "x" }, {
      tools: [{}],
    }]
  ) {
    assert.throws(() => parseHeader(changed(change), TOOLS), RecordingError, JSON.stringify(change));
  }
});

Deno.test("parseHeader() reads the time zones of a header, bounded and escaped, and none of an older recording", () => {
  assert.deepEqual(parseHeader(changed({ zones: undefined }), TOOLS).zones, []);
  const from = "2026-11-20T18:00:00.000Z";
  const zones = [
    { from, name: "-03", utc_offset_s: -10_800 },
    { from, name: "\x1b[2J", utc_offset_s: 1e9 },
    { from, utc_offset_s: "1" },
  ];
  assert.deepEqual(parseHeader(changed({ zones }), TOOLS).zones.map(({ zone }) => zone), [
    { name: "-03", offsetS: -10_800 },
    { name: "\\x1b[2J", offsetS: 0 },
    { name: "", offsetS: 0 },
  ]);
  for (const bad of [5, [5], [{}], [{ from: "x" }], new Array(65).fill({ from })]) {
    assert.throws(() => parseHeader(changed({ zones: bad }), TOOLS), RecordingError);
  }
});

Deno.test("parseHeader() escapes names and keeps the reason of a tool that could not run", () => {
  const tools = [{ tool: "files", tier: null, reason: "no \x1b[31mkprobes", remedy: "Run another kernel." }];
  const parsed = parseHeader(changed({ host: "evil\x1b]0;x\x07", tools }), TOOLS);
  assert.equal(parsed.host, "evil\\x1b]0;x\\a");
  assert.deepEqual(parsed.tools[0]!.state, {
    kind: "unavailable",
    reason: "no \\x1b[31mkprobes",
    remedy: "Run another kernel.",
  });
});

Deno.test("parseHeader() describes an unknown tool by its recorded columns, with a warning", () => {
  const tools = [{
    tool: "future",
    tier: "fentry",
    view: "events",
    columns: ["pid", "Bad Key", "__proto__", "x_us"],
  }];
  const { tools: [entry], warnings } = parseHeader(changed({ tools }), TOOLS);
  assert.deepEqual(entry!.tool.columns.map(({ key }) => key), ["pid", "x_us"]);
  assert.equal(entry!.tool.view, "events");
  assert.match(warnings[0]!, /does not support future/);
  const line = bytes({
    tool: "future",
    time: "2026-11-20T18:00:01Z",
    rows: [{ pid: 5, x_us: "\x07", more: 1 }],
  });
  const parsed = parseLine(line, new Map([["future", entry!.tool]]));
  assert.deepEqual(parsed.kind === "tool" && parsed.tick.rows, [{ pid: 5, x_us: "\\a" }]);
});

Deno.test("parseHeader() warns of unknown columns of a known tool", () => {
  const tools = [{ tool: "files", tier: "kprobe", columns: ["pid", "file", "reads", "latency_us"] }];
  assert.match(parseHeader(changed({ tools }), TOOLS).warnings.join(), /latency_us are left out/);
});

Deno.test("parseLine() keeps only the tool's columns of a row, each validated by its unit", () => {
  const rows: unknown[] = [
    { pid: 7, file: "a\x1b[2J", reads: "many", extra: 1 },
    { pid: "254:0", file: 5, reads: 1e300 },
    { toString: 5 },
  ];
  assert.deepEqual(rowsOf(tickLine({ rows })), [
    { pid: 7, file: "a\\x1b[2J", reads: null },
    { pid: "254:0", file: 5, reads: null },
    { pid: null, file: null, reads: null },
  ]);
});

Deno.test("parseLine() keeps names that only the row has, and derives the others", () => {
  const line = bytes({
    tool: "opensnoop",
    time: "2026-11-20T18:00:01Z",
    rows: [
      { uid: 7, uid_name: "lp\x1b", err: 2, err_name: "not kept", flags: "0", flags_name: "O_RDONLY" },
      { uid: 8, uid_name: 5 },
      { path: "/etc/hostname" },
    ],
  });
  const parsed = parseLine(line, new Map(REAL_TOOLS.map((tool) => [tool.name, tool])));
  assert.ok(parsed.kind === "tool");
  const [first, second, third] = parsed.tick.rows;
  // These rows are from before the column `user`.
  assert.deepEqual([first!.user, second!.user, third!.user, third!.uid], ["lp\\x1b", "8", null, null]);
  assert.deepEqual([first!.uid_name, first!.err_name, first!.flags_name], ["lp\\x1b", undefined, "O_RDONLY"]);
  assert.deepEqual([second!.uid_name, second!.flags_name], [null, null]);
});

Deno.test("parseLine() reads a chain of processes as it was recorded, and older rows without one", () => {
  const tool = REAL_TOOLS.find(({ name }) => name === "execsnoop")!;
  const parents = "make(12) < sh(7) < init(1) < ...";
  const rows: Row[] = [{ pid: 13, args: "/bin/cc", parents, exit: "SIGKILL", signal: 9, dur_ms: 1.5 }, {
    pid: 14,
  }];
  const model = modelOf(1);
  const tick = { ...model.tools[0]!.tick!, tool: "execsnoop", rows };
  const [line] = recordingTick({ ...model, tools: [{ ...model.tools[0]!, tool, tick }] }, 1).split("\n");
  const tools = new Map([["execsnoop", tool]]);
  const read = rowsOf(bytes(line), tools).map(({ pid, parents, exit, exit_code, signal, dur_ms }) => [
    ...[pid, parents, exit],
    ...[exit_code, signal, dur_ms],
  ]);
  assert.deepEqual(read, [[13, parents, "SIGKILL", null, 9, 1.5], [14, null, null, null, null, null]]);
  // A list, as --json prints it, is no text.
  const listed = tickLine({ tool: "execsnoop", rows: [{ pid: 13, parents: [{ pid: 12, comm: "make" }] }] });
  const [list] = rowsOf(listed, tools);
  assert.equal(list!.parents, null);
});

Deno.test("parseLine() rejects invalid rows and times, and replaces other invalid values", () => {
  for (const change of [{ rows: 5 }, { rows: [5] }, { time: "" }, { histograms: [[]] }, { lost: [] }]) {
    assert.throws(() => parseLine(tickLine(change), byName), RecordingError, JSON.stringify(change));
  }
  const parsed = parseLine(tickLine({ interval_s: -1, lost: { events: -5, runs: -1 }, map_fill: 9 }), byName);
  assert.ok(parsed.kind === "tool");
  assert.deepEqual([parsed.tick.intervalS, parsed.tick.lost, parsed.tick.mapFill], [
    1,
    { events: 0, keys: 0, runs: 0 },
    undefined,
  ]);
  const lost = { events: 1, keys: 2, runs: 3 };
  const complete = parseLine(tickLine({ lost }), byName);
  assert.deepEqual(complete.kind === "tool" && complete.tick.lost, lost);
});

Deno.test("parseLine() reads the stacks of a tick as recorded, escaped and within bounds", () => {
  const stacksOf = (stacks: unknown) => {
    const parsed = parseLine(tickLine({ stacks }), byName);
    return parsed.kind === "tool" ? parsed.tick.stacks : undefined;
  };
  const recorded = { weight: "time_us", counts: [{ stack: "a;b", weight: 7.5 }], dropped: 2 };
  assert.deepEqual(stacksOf(recorded), recorded);
  assert.deepEqual(
    stacksOf({ weight: 5, counts: [{ stack: "\x1b[2J", weight: -1 }, { weight: 1e300 }], dropped: "x" }),
    {
      weight: "",
      counts: [{ stack: "\\x1b[2J", weight: 0 }, { stack: "", weight: 0 }],
    },
  );
  assert.equal(stacksOf(undefined), undefined);
  assert.throws(() => stacksOf({ counts: [5] }), RecordingError);
});

Deno.test("parseLine() returns unknown for lines of other kinds and of unknown tools", () => {
  assert.equal(parseLine(bytes('{"note":"hello"}'), byName).kind, "unknown");
  assert.equal(parseLine(tickLine({ tool: "future" }), byName).kind, "unknown");
});

Deno.test("parseHeader() escapes filters and flags, and ignores those of another type", () => {
  const entry = { tool: "files", tier: "kprobe", flags: { name: "\x1b[2J", failed: true, other: [1] } };
  const filters = {
    pid: "7",
    ppid: "!x",
    user: 1,
    comm: "\x1b]0;x\x07",
    cgroup: "/older",
    unit: 3,
    pod: [4, "p"],
    followed: ["sh", "", "\x1b[2J", 5],
  };
  const { restrictions, tools } = parseHeader(changed({ tools: [entry], filters }), TOOLS);
  assert.deepEqual(restrictions, {
    comm: "\\x1b]0;x\\a",
    pod: ["p"],
    cgroup: ["/older"],
    command: ["sh", "", "\\x1b[2J", ""],
  });
  assert.deepEqual(tools[0]?.flags, { name: "\\x1b[2J", failed: true });
});

Deno.test("parseLine() reads the rest of a table and of events, and ignores what is not one", () => {
  const rows = [{ pid: 1, file: "a", reads: 2 }, { pid: null, file: "(other)", reads: 30 }];
  const counts = (rest: unknown): number[] => rowsOf(tickLine({ rows, rest })).map(restCount);
  assert.deepEqual(counts({ rows: 7 }), [0, 7]);
  assert.deepEqual(counts(undefined), [0, 0]);
  for (const bad of [{ rows: 0 }, { rows: -1 }, { rows: "x" }, {}]) assert.deepEqual(counts(bad), [0, 0]);
  assert.deepEqual(rowsOf(tickLine({ rows: [], rest: { rows: 7 } })), []);
  assert.throws(() => rowsOf(tickLine({ rows, rest: 5 })), RecordingError);
  const [, , waits] = recordingTick(modelOf(1), 1).split("\n");
  const restOf = (rest: unknown) => {
    const parsed = parseLine(bytes({ ...JSON.parse(waits!), rest }), byName);
    return parsed.kind === "tool" ? parsed.tick.rest : assert.fail();
  };
  assert.deepEqual(restOf({ rows: 9, sums: { lat_us: 12, time: 5, x: 1 } }), {
    rows: 9,
    sums: { lat_us: 12 },
  });
  assert.deepEqual(restOf({ rows: 9, sums: { lat_us: "12" } }), { rows: 9, sums: { lat_us: null } });
  assert.deepEqual(restOf({ rows: 9 }), { rows: 9, sums: { lat_us: null } });
  assert.equal(restOf({ rows: 0, sums: { lat_us: 12 } }), undefined);
});
