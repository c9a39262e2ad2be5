import assert from "node:assert/strict";
import { demoColumn } from "../../tests/support/demo_columns.ts";
import { demoTool } from "../../tests/support/demo_tools.ts";
import { Comparison, groupingNamed, OTHER_NAME, REST_KEY, type Row, type ToolInfo } from "../model/mod.ts";
import { useZone, zoneOf } from "../text/mod.ts";
import { comparisonText } from "./comparison.ts";

const COMM = demoColumn("comm", { unit: "text", align: "left", width: 8 });
const BYTES = demoColumn("bytes", { unit: "kb", title: "KB" });
const LOST = { events: 3, keys: 0, runs: 0 };

/** A comparison of one tick with another that took twice as long. */
function comparisonOf(tool: ToolInfo, a: readonly Row[], b: readonly Row[]): Comparison {
  const comparison = new Comparison(tool, tool.view === "counters" ? null : groupingNamed(tool, "comm"));
  const tick = { tool: tool.name, tier: "fentry" };
  const nothing = { events: 0, keys: 0, runs: 0 };
  comparison.add("a", {
    ...tick,
    time: Date.parse("2026-11-20T18:00:02Z"),
    intervalS: 2,
    rows: a,
    lost: LOST,
  });
  comparison.add("b", {
    ...tick,
    time: Date.parse("2026-11-20T19:00:00Z"),
    intervalS: 4,
    rows: b,
    lost: nothing,
  });
  return comparison;
}

const TABLE = comparisonOf(demoTool("table", [BYTES, COMM]), [{ comm: "=a,b", bytes: 2048 }], [
  { comm: "=a,b", bytes: 1024 },
  { comm: "new", bytes: 8192 },
]);

const inUtc = (comparison: Comparison): string => {
  const before = useZone(zoneOf([{ fromMs: 0, zone: { name: "UTC", offsetS: 0 } }]));
  try {
    return comparisonText(comparison, {});
  } finally {
    useZone(before);
  }
};

Deno.test("comparisonText() marks what is unknown because a recording kept only some rows, and names other rows in JSON", () => {
  const tool = demoTool("table", [BYTES, COMM]);
  const kept: Row[] = [{ comm: "kept", bytes: 4096 }, { comm: OTHER_NAME, bytes: 2048, [REST_KEY]: 7 }];
  const comparison = comparisonOf(tool, kept, [{ comm: "new", bytes: 8192 }]);
  const text = inUtc(comparison);
  assert.match(text, /^A: 7 rows of this range are recorded as a sum, \(other\): "-" is unknown$/m);
  assert.match(text, /^ +- +2\.0 +- +- +8 new$/m);
  const { a, b, rows } = JSON.parse(comparisonText(comparison, { json: true }));
  assert.deepEqual([a.rest, b.rest], [{ rows: 7 }, undefined]);
  assert.deepEqual(
    rows.map(({ value, a_per_s, diff_per_s, other }: Record<string, unknown>) => [
      value,
      a_per_s,
      diff_per_s,
      other,
    ]),
    [["kept", 2048, -2048, undefined], ["new", null, null, undefined], ["(other)", 1024, -1024, true]],
  );
});

Deno.test("comparisonText() prints a table for each sum, with the losses of each range", () => {
  assert.equal(
    inUtc(TABLE),
    `demo by COMM
A: 2026-11-20 18:00:02 UTC to 2026-11-20 18:00:02 UTC, 1 tick, 2.0 s
A: LOST: 3 events, 0 keys could not be counted in this range.
B: 2026-11-20 19:00:00 UTC to 2026-11-20 19:00:00 UTC, 1 tick, 4.0 s

KB:
        A/s         B/s      DIFF/s           A           B COMM
        0.0         2.0         2.0           -           8 new
        1.0         0.3        -0.8           2           1 =a,b
`,
  );
});

Deno.test("comparisonText() prints 20 rows and the others together as text, and all as JSON", () => {
  const rows = Array.from({ length: 5003 }, (_, i) => ({ comm: `c${i}`, bytes: 1024 * (9000 - i) }));
  const comparison = comparisonOf(demoTool("table", [BYTES, COMM]), rows, rows);
  const lines = inUtc(comparison).split("\n");
  assert.match(lines[7]!, / c0$/);
  assert.match(lines[27]!, / \(other\)$/);
  assert.deepEqual(lines.slice(28), ["4980 more rows: --json and --csv print all.", ""]);
  assert.equal(JSON.parse(comparisonText(comparison, { json: true })).rows.length, 5001);
});

Deno.test("comparisonText() prints a line for each counter", () => {
  const counters = demoTool("counters", [
    demoColumn("read", { title: "READ/s", perSecond: true }),
    demoColumn("sync"),
  ]);
  const text = inUtc(comparisonOf(counters, [{ read: 10, sync: 0 }], [{ read: 60, sync: 0 }]));
  assert.equal(
    text.split("\n").slice(4).join("\n"),
    `
        A/s         B/s      DIFF/s           A           B COUNTER
        5.0        15.0        10.0          10          60 read
`,
  );
  assert.match(inUtc(comparisonOf(counters, [], [])), /\n\nNothing was counted in either range\.\n$/);
});

Deno.test("comparisonText() prints JSON and CSV with every sum", () => {
  assert.deepEqual(JSON.parse(comparisonText(TABLE, { json: true })), {
    v: 1,
    tool: "demo",
    by: "comm",
    a: {
      first: "2026-11-20T18:00:02.000Z",
      last: "2026-11-20T18:00:02.000Z",
      ticks: 1,
      interval_s: 2,
      lost: LOST,
    },
    b: {
      first: "2026-11-20T19:00:00.000Z",
      last: "2026-11-20T19:00:00.000Z",
      ticks: 1,
      interval_s: 4,
      lost: { events: 0, keys: 0, runs: 0 },
    },
    rows: [
      { value: "new", column: "bytes", a: null, b: 8192, a_per_s: 0, b_per_s: 2048, diff_per_s: 2048 },
      { value: "=a,b", column: "bytes", a: 2048, b: 1024, a_per_s: 1024, b_per_s: 256, diff_per_s: -768 },
    ],
  });
  const head = "value,column,a,b,a_per_s,b_per_s,diff_per_s\n";
  assert.equal(
    comparisonText(TABLE, { csv: true }),
    `${head}new,bytes,,8192,0,2048,2048\n"'=a,b",bytes,2048,1024,1024,256,-768\n`,
  );
  assert.match(comparisonText(TABLE, { csv: true, exactText: true }), /\n"=a,b",bytes/);
});
