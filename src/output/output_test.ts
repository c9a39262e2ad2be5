import assert from "node:assert/strict";
import { demoColumn } from "../../tests/support/demo_columns.ts";
import { demoTick } from "../../tests/support/demo_tools.ts";
import { modelOf } from "../../tests/support/recordings.ts";
import { type Column, groupingNamed, type Tick, type ToolInfo, type ToolModel } from "../model/mod.ts";
import { batchText } from "./batch.ts";
import { csvFormat } from "./csv.ts";
import { groupedFormat } from "./format.ts";
import { histogramLines, slotBounds } from "./histogram.ts";
import { ndjsonFormat, ndjsonLine, ndjsonLines } from "./ndjson.ts";
import { rowLine, textFormat } from "./text.ts";
import { joinPieces, type Piece } from "./text_buffer.ts";

const NAME = demoColumn("file", { unit: "text", align: "left", width: 8 });
const READS = demoColumn("reads");
const RATE = demoColumn("open", { title: "OPEN/s", perSecond: true });

const tool = (view: ToolInfo["view"], columns: readonly Column[]): ToolInfo => ({
  name: "demo",
  summary: "a demonstration",
  view,
  columns,
  flags: [],
  graph: [],
  caveats: {},
});

/** A piece as a string: its bytes are valid until the next one. */
const textOf = (piece: Piece): string => joinPieces([piece]);

const TIME = new Date(2026, 10, 20, 8, 5, 9).getTime();

const tick = (rows: Tick["rows"], rest: Partial<Tick> = {}): Tick => demoTick(rows, { time: TIME, ...rest });

Deno.test("ndjsonFormat() prints exact counts, null for unknown values, and the tier and losses of the tick", () => {
  const format = ndjsonFormat({ columns: [READS, NAME, RATE] });
  const line = format.tick(
    tick([{ reads: 1009, file: null, open: 10 }], { lost: { events: 3, keys: 1, runs: 0 } }),
  );
  assert.ok(line.endsWith("}\n"));
  assert.deepEqual(JSON.parse(line), {
    v: 1,
    tool: "demo",
    time: new Date(TIME).toISOString(),
    interval_s: 2,
    tier: "fentry",
    rows: [{ reads: 1009, file: null, open: 10 }],
    lost: { events: 3, keys: 1, runs: 0 },
  });
});

Deno.test("a chain of processes is a list in JSON, and one text in CSV and text", () => {
  const chain: Column = { ...NAME, key: "parents", title: "PARENTS", holds: "processes" };
  const rows = [
    { parents: 'make "x"(812) < a\\x3cb(7) < ...' },
    { parents: 'make "x"(812) < a\\x3cb(7) < ...' },
    { parents: "" },
    { parents: null },
  ];
  const list = [{ pid: 812, comm: 'make "x"' }, { pid: 7, comm: "a<b" }, { pid: null, comm: null }];
  const json = JSON.parse(ndjsonFormat({ columns: [chain] }).tick(tick(rows)));
  assert.deepEqual(json.rows, [{ parents: list }, { parents: list }, { parents: [] }, { parents: null }]);
  const csv = csvFormat({ columns: [chain] }).tick(tick(rows.slice(0, 1)));
  assert.match(csv, /,"make ""x""\(812\) < a\\x3cb\(7\) < \.\.\.",0\n$/);
  assert.equal(rowLine([chain], rows[0]!, 1), rows[0]!.parents);
});

Deno.test("ndjsonFormat() prints valid JSON for NaN, quotes and backslashes", () => {
  const line = ndjsonFormat({ columns: [READS, NAME] }).tick(tick([{ reads: NaN, file: 'a"\\\u202e' }]));
  assert.deepEqual(JSON.parse(line).rows, [{ reads: null, file: 'a"\\\u202e' }]);
});

Deno.test("ndjsonFormat() writes a line for a tick without rows", () => {
  assert.deepEqual(JSON.parse(ndjsonFormat({ columns: [READS] }).tick(tick([]))).rows, []);
});

Deno.test("ndjsonFormat() splits a long line into pieces, and keeps a short one in one piece", () => {
  const format = ndjsonFormat({ columns: [READS] });
  const rows = Array.from({ length: 9000 }, (_, reads) => ({ reads }));
  const pieces = Array.from(format.pieces!(tick(rows)), textOf);
  assert.equal(pieces.length, 3);
  assert.ok(pieces.slice(0, -1).every((piece) => !piece.includes("\n")));
  assert.deepEqual(JSON.parse(pieces.join("")).rows, rows);
  assert.equal(Array.from(format.pieces!(tick(rows.slice(0, 4096)))).length, 1);
});

Deno.test("Formats limit the length of a piece, not only its rows", () => {
  const columns = [READS, NAME];
  const rows = Array.from({ length: 100 }, (_, reads) => ({ reads, file: "x".repeat(100_000) }));
  const formats = [
    ndjsonFormat({ columns }),
    csvFormat({ columns }),
    textFormat({ columns, tool: tool("events", columns) }),
  ];
  for (const format of formats) {
    const pieces = Array.from(format.pieces!(tick(rows)), textOf);
    assert.ok(pieces.every(({ length }) => length < 170_000));
    assert.equal(pieces.join(""), format.tick(tick(rows)));
  }
});

Deno.test("Formats report dropped rows as lost events", () => {
  const dropping = tick([], { droppedRows: 40, lost: { events: 2, keys: 3, runs: 0 } });
  const columns = [READS];
  assert.deepEqual(JSON.parse(ndjsonFormat({ columns }).tick(dropping)).lost, {
    events: 42,
    keys: 3,
    runs: 0,
  });
  assert.match(csvFormat({ columns }).tick(dropping), /,fentry,42,3,,0\n$/);
  assert.match(
    textFormat({ columns, tool: tool("events", columns) }).tick(dropping),
    /^LOST: 42 events, 3 keys /,
  );
});

Deno.test("ndjsonFormat() sorts rows before limiting them", () => {
  const format = ndjsonFormat({ columns: [READS], sort: READS, rows: 2 });
  assert.deepEqual(JSON.parse(format.tick(tick([{ reads: 1 }, { reads: 3 }, { reads: 2 }]))).rows, [{
    reads: 3,
  }, {
    reads: 2,
  }]);
});

Deno.test("csvFormat() quotes text that would split a line, puts ' before text that would run as a formula, and leaves unknown values empty", () => {
  const format = csvFormat({ columns: [NAME, READS] });
  assert.equal(
    format.begin("fentry"),
    "tick_time,interval_s,tier,lost_events,lost_keys,file,reads,lost_runs\n",
  );
  const head = `${new Date(TIME).toISOString()},2.000000,fentry,0,0`;
  assert.equal(
    format.tick(tick([{ file: 'a,"b"', reads: 5 }, { file: "=cmd()", reads: null }])),
    `${head},"a,""b""",5,0\n${head},"'=cmd()",,0\n`,
  );
  for (
    const file of [
      "=1+1",
      "-cmd()",
      "+cmd()",
      "@cmd()",
      "\tcmd()",
      "\rcmd()",
      "\ncmd()",
      "＝cmd()",
      "＋1",
      "－1",
      "＠a",
    ]
  ) {
    assert.equal(format.tick(tick([{ file, reads: 1 }])), `${head},"'${file}",1,0\n`);
  }
  assert.equal(format.tick(tick([{ file: '=a,"b"', reads: -1 }])), `${head},"'=a,""b""",-1,0\n`);
  for (const file of [" x"]) {
    assert.equal(format.tick(tick([{ file, reads: 1 }])), `${head},"${file}",1,0\n`);
  }
});

Deno.test("csvFormat() with exactText quotes a formula and adds nothing", () => {
  const format = csvFormat({ columns: [NAME, READS], exactText: true });
  assert.match(format.tick(tick([{ file: "=1+1", reads: 1 }])), /,"=1\+1",1,0\n$/);
});

Deno.test("csvFormat() prints a line without values for a tick with losses and no rows", () => {
  const format = csvFormat({ columns: [NAME, READS] });
  assert.equal(format.tick(tick([])), "");
  const at = new Date(TIME).toISOString();
  assert.equal(
    format.tick({ ...tick([]), lost: { events: 12, keys: 0, runs: 0 } }),
    `${at},2.000000,fentry,12,0,,,0\n`,
  );
  assert.equal(
    format.tick({ ...tick([]), lost: { events: 0, keys: 3, runs: 0 } }),
    `${at},2.000000,fentry,0,3,,,0\n`,
  );
  assert.equal(
    format.tick({ ...tick([]), lost: { events: 0, keys: 0, runs: 5 } }),
    `${at},2.000000,fentry,0,0,,,5\n`,
  );
});

Deno.test("batchText() limits the rows of a table by the tool's flags", () => {
  const rows = [1, 2, 3].map((pid) => ({ pid, file: `file-${pid}`, reads: 1 }));
  const model = modelOf(1, { rows });
  const names = (flags: ToolModel["flags"]): string[] =>
    batchText({ ...model, tools: model.tools.map((tool) => ({ ...tool, flags })) }).match(/file-\d/g) ?? [];
  assert.deepEqual(names({ rows: 2 }), ["file-1", "file-2"]);
  assert.deepEqual(names({}), ["file-1", "file-2", "file-3"]);
});

Deno.test("textFormat() prints one line per tick for counters, as rates over the measured interval", () => {
  const format = textFormat({ tool: tool("counters", [RATE]), columns: [RATE] });
  assert.equal(
    format.begin("kprobe"),
    "demo: a demonstration (tier kprobe). Ctrl-C ends.\nTIME     OPEN/s\n",
  );
  assert.equal(format.tick(tick([{ open: 10 }])), "08:05:09      5\n");
});

Deno.test("textFormat() prints one block per tick for tables, and losses", () => {
  const columns = [READS, NAME];
  const format = textFormat({ tool: tool("table", columns), columns });
  assert.equal(
    format.tick(tick([{ reads: 7, file: "日本.txt" }], { lost: { events: 0, keys: 2, runs: 9 } })),
    "08:05:09\n READS FILE\n     7 日本.txt\n\nLOST: 0 events, 2 keys could not be counted in this interval.\n" +
      "SKIPPED: the kernel skipped 9 runs of the programs in this interval: as many calls may be missing.\n",
  );
});

Deno.test("textFormat() keeps columns aligned under wide characters", () => {
  const columns = [NAME, READS];
  const format = textFormat({ tool: tool("events", columns), columns });
  assert.equal(
    format.tick(tick([{ file: "日本", reads: 1 }, { file: "abcd", reads: 2 }])),
    "日本          1\nabcd          2\n",
  );
});

Deno.test("textFormat() prints an interval's histograms after an empty line, with the time if requested", () => {
  const histogram = { label: "delay", unit: "us", slots: [1] };
  const empty = { ...histogram, slots: [0] };
  const counted = tick([], { histograms: [histogram, empty, histogram] });
  const text = (timestamp: boolean, of: Tick): string =>
    textFormat({ tool: tool("histogram", [READS]), columns: [READS], timestamp }).tick(of);
  const block = histogramLines(histogram).join("\n");
  assert.equal(text(false, counted), `\n${block}\n\n${block}\n`);
  assert.equal(text(true, counted), `\n08:05:09\n${block}\n\n${block}\n`);
  assert.equal(text(false, tick([], { histograms: [empty] })), "\n");
});

Deno.test("histogramLines() prints slots up to the last with a count, and nothing for an empty histogram", () => {
  assert.deepEqual(histogramLines({ label: "delay", unit: "us", slots: [0, 0, 0] }), []);
  const lines = histogramLines({ label: "delay", unit: "us", slots: [2, 0, 4, 0] });
  assert.equal(lines.length, 4);
  assert.equal(lines[1], `           0 -> 1           : 2        |${"*".repeat(20)}${" ".repeat(20)}|`);
  assert.equal(lines[3], `           4 -> 7           : 4        |${"*".repeat(40)}|`);
});

Deno.test("histogramLines() ends with average, total and count if the sum is known", () => {
  const lines = histogramLines({ label: "disk vda", unit: "us", slots: [0, 0, 2, 1], sum: 20.4 });
  assert.equal(lines.at(-1), "avg = 7 us, total: 20 us, count: 3");
});

Deno.test("slotBounds() returns adjacent powers of two", () => {
  assert.deepEqual([0, 1, 2, 31].map(slotBounds), [
    { low: 0, high: 1 },
    { low: 2, high: 3 },
    { low: 4, high: 7 },
    { low: 2 ** 31, high: 2 ** 32 - 1 },
  ]);
});

Deno.test("ndjsonLines() prints a line for each tool that has a tick, with all rows unless they are limited", () => {
  const rows = [1, 2, 3].map((pid) => ({ pid, file: "f", reads: 1 }));
  const model = modelOf(1, { rows });
  const tools = model.tools.map((tool, i) => i === 1 ? { ...tool, tick: null } : tool);
  const lines = (limit?: number) =>
    ndjsonLines({ tools }, { limitOf: () => limit }).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines().map(({ tool }) => tool), ["files", "waits"]);
  assert.equal(lines()[0].rows.length, 3);
  assert.deepEqual(lines(2)[0].rows, rows.slice(0, 2));
});

Deno.test("ndjsonLine() appends extra fields at the end, and leaves out undefined ones", () => {
  const line = (fill?: number) => ndjsonLine(tick([]), { columns: [READS] }, { map_fill: fill });
  assert.match(line(0.25), /"lost":\{"events":0,"keys":0,"runs":0\},"map_fill":0\.25\}\n$/);
  assert.doesNotMatch(line(), /map_fill/);
});

Deno.test("ndjsonLine() keeps the number of an error and adds its name; CSV has only the number", () => {
  const columns: Column[] = [{
    key: "err",
    title: "ERR",
    description: "",
    unit: "id",
    width: 8,
    align: "right",
    names: "error",
  }];
  const rows = [{ err: 2 }, { err: 0 }, { err: null }];
  const tick = {
    tool: "opensnoop",
    time: 0,
    intervalS: 1,
    tier: "fentry",
    rows,
    lost: { events: 0, keys: 0, runs: 0 },
  };
  assert.deepEqual(JSON.parse(ndjsonLine(tick, { columns })).rows, [
    { err: 2, err_name: "ENOENT" },
    { err: 0, err_name: null },
    { err: null, err_name: null },
  ]);
  const user = [{ ...columns[0]!, key: "uid", names: "user" as const }];
  const named = { ...tick, rows: [{ uid: 0, uid_name: "root" }, { uid: 7, uid_name: null }] };
  assert.deepEqual(JSON.parse(ndjsonLine(named, { columns: user })).rows, [
    { uid: 0, uid_name: "root" },
    { uid: 7, uid_name: null },
  ]);
  const csv = csvFormat({ columns });
  assert.match(csv.begin("fentry"), /err(?!_name)/);
  assert.doesNotMatch(csv.begin("fentry") + csv.tick(tick), /name|ENOENT/);
});

Deno.test("text keeps the columns after a user with a long name in place", () => {
  const uid = demoColumn("uid", { unit: "id", names: "user", width: 14, align: "left" });
  const columns: Column[] = [uid, demoColumn("pid", { unit: "id", align: "left" })];
  const lines = ["root", "nobody", "systemd-resolve"].map((uid_name) =>
    rowLine(columns, { uid: 65534, uid_name, pid: 7 }, 1)
  );
  assert.deepEqual(lines, ["65534(root)    7", "65534(nobody)  7", "65534(system+) 7"]);
});

const EVENTS = tool("events", [READS, NAME]);
const BY_NAME = groupingNamed(EVENTS, "file");
const FILES = [{ file: "a", reads: 3 }, { file: "b", reads: 2 }, { file: "a", reads: null }];

Deno.test("groupedFormat() prints the groups of a tick as JSON, with the column they are grouped by", () => {
  const { columns } = BY_NAME.tool;
  const format = groupedFormat(ndjsonFormat({ columns, by: "file" }), BY_NAME);
  const line = format.tick(tick(FILES, { lost: { events: 3, keys: 1, runs: 0 } }));
  assert.deepEqual(JSON.parse(line), {
    v: 1,
    tool: "demo",
    time: new Date(TIME).toISOString(),
    interval_s: 2,
    tier: "fentry",
    by: "file",
    rows: [
      { events: 2, events_per_s: 1, reads: 3, file: "a" },
      { events: 1, events_per_s: 0.5, reads: 2, file: "b" },
    ],
    lost: { events: 3, keys: 1, runs: 0 },
  });
  assert.equal(joinPieces(format.pieces!(tick(FILES, { lost: { events: 3, keys: 1, runs: 0 } }))), line);
});

Deno.test("groupedFormat() prints groups as CSV, and sorts and limits them", () => {
  const { columns } = BY_NAME.tool;
  const format = groupedFormat(csvFormat({ columns, sort: NAME, rows: 1 }), BY_NAME);
  assert.equal(
    format.begin(""),
    "tick_time,interval_s,tier,lost_events,lost_keys,events,events_per_s,reads,file,lost_runs\n",
  );
  assert.equal(format.tick(tick(FILES)).split(",").slice(5).join(","), "2,1,3,a,0\n");
});

Deno.test("groupedFormat() prints the groups of events as a block an interval", () => {
  const { tool, tool: { columns } } = BY_NAME;
  const format = groupedFormat(textFormat({ columns, tool }), BY_NAME);
  assert.equal(
    format.begin("fentry"),
    "demo: a demonstration, grouped by FILE (tier fentry). Ctrl-C ends.\n",
  );
  assert.equal(
    format.tick(tick(FILES)),
    [
      "08:05:09",
      "  EVENTS     EV/s     READS FILE",
      "       2      1.0         3 a",
      "       1      0.5         2 b",
      "",
      "",
    ].join("\n"),
  );
});

Deno.test("batchText() and ndjsonLines() group the tools that have a grouping", () => {
  const rows = [1, 2, 1].map((pid) => ({ pid, file: "f", reads: 1 }));
  const model = modelOf(1, { rows });
  const files = model.tools[0]!.tool;
  const groupings = new Map([[files.name, groupingNamed(files, "pid")]]);
  const lines = ndjsonLines(model, { groupings }).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ by }) => by),
    lines.map(({ tool }) => tool === files.name ? "pid" : undefined),
  );
  assert.deepEqual(lines[0].rows.map((row: Tick["rows"][0]) => [row.rows, row.reads, row.pid]), [
    [2, 2, 1],
    [1, 1, 2],
  ]);
  assert.match(batchText(model, groupings), /\n== files by PID \(tier \w+\)\n +ROWS .*READS.*PID/);
});
