import assert from "node:assert/strict";
import { demoColumn } from "../../tests/support/demo_columns.ts";
import { UsageError } from "../errors.ts";
import { type Column, compareValues, isGauge, sortRows } from "./columns.ts";
import { findColumn, textColumns, type ToolInfo } from "./tool_info.ts";

const TOOL: ToolInfo = {
  name: "demo",
  summary: "",
  view: "table",
  columns: [
    demoColumn("tid", { shown: "data" }),
    demoColumn("reads"),
    demoColumn("read_bytes", { title: "R_Kb", shown: "wide" }),
  ],
  flags: [],
  graph: [],
  caveats: {},
};

const keys = (columns: readonly Column[]): string[] => columns.map(({ key }) => key);

Deno.test("textColumns() leaves out data columns, and wide ones if they do not fit", () => {
  assert.deepEqual(keys(textColumns(TOOL, false)), ["reads"]);
  assert.deepEqual(keys(textColumns(TOOL, true)), ["reads", "read_bytes"]);
});

Deno.test("findColumn() finds by key and by title, ignoring case", () => {
  assert.equal(findColumn(TOOL, "READS").key, "reads");
  assert.equal(findColumn(TOOL, "r_kb").key, "read_bytes");
});

Deno.test("findColumn() suggests the nearest column", () => {
  assert.throws(() => findColumn(TOOL, "raeds"), (error: UsageError) => {
    assert.equal(error.exitCode, 2);
    assert.match(error.remedy, /^Did you mean reads\?/);
    return true;
  });
});

Deno.test("sortRows() puts the largest number first, text from A, and unknown values last both ways", () => {
  const rows = [{ reads: 2, file: "b" }, { reads: null, file: "a" }, { reads: 10, file: null }];
  const reads = demoColumn("reads");
  assert.deepEqual(sortRows(rows, reads).map((row) => row.reads), [10, 2, null]);
  assert.deepEqual(sortRows(rows, reads, true).map((row) => row.reads), [2, 10, null]);
  assert.deepEqual(sortRows(rows, demoColumn("file", { unit: "text" })).map((row) => row.file), [
    "a",
    "b",
    null,
  ]);
});

Deno.test("sortRows() starts in the default direction of the column", () => {
  const rows = [{ reads: 2 }, { reads: 10 }, { reads: 1 }];
  const ascending = demoColumn("reads", { defaultDescending: false });
  assert.deepEqual(sortRows(rows, ascending).map((row) => row.reads), [1, 2, 10]);
  assert.deepEqual(sortRows(rows, ascending, true).map((row) => row.reads), [10, 2, 1]);
});

Deno.test("isGauge() is true for shares and for columns marked as gauges", () => {
  assert.deepEqual(
    [{ unit: "pct" }, { unit: "bytes" }, { unit: "bytes", gauge: true }, { unit: "pct", gauge: false }]
      .map((column) => isGauge(demoColumn("x", column as Partial<Column>))),
    [true, false, true, false],
  );
});

Deno.test("sortRows() keeps the order of equal rows", () => {
  const rows = [1, 2, 3].map((id) => ({ id, reads: 5 }));
  assert.deepEqual(sortRows(rows, demoColumn("reads")).map((row) => row.id), [1, 2, 3]);
});

Deno.test("compareValues() is exact for differences that would overflow an int", () => {
  assert.ok(compareValues(2 ** 40, 1, false) > 0);
  assert.ok(compareValues(2 ** 40, 2 ** 40 + 1, false) < 0);
});
