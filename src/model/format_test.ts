import assert from "node:assert/strict";
import type { Column } from "./columns.ts";
import { formatCell } from "./format.ts";
import type { Unit } from "./unit.ts";

const column = (unit: Unit, perSecond = false): Column => ({
  key: "x",
  title: "X",
  description: "",
  unit,
  width: 6,
  align: "right",
  perSecond,
});

Deno.test("formatCell() shows an unknown value as a dash, never as 0", () => {
  for (const unit of ["count", "kb", "pct", "time", "text"] as const) {
    assert.equal(formatCell(column(unit), null, 1), "-");
  }
});

Deno.test("formatCell() divides by the measured interval when the column is a rate", () => {
  assert.equal(formatCell(column("count", true), 318, 2), "159");
  assert.equal(formatCell(column("count", true), 5, 1.0003), "5");
  assert.equal(formatCell(column("count", true), 1, 2), "0.5");
  assert.equal(formatCell(column("count", true), 1, 100), "<0.1");
  assert.equal(formatCell(column("count"), 318, 2), "318");
});

Deno.test("formatCell() shows exact digits without a limit and a suffix if they do not fit", () => {
  assert.equal(formatCell(column("count"), 123_456_789, 1), "123456789");
  assert.equal(formatCell(column("count"), 123_456_789, 1, 6), "123M");
  assert.equal(formatCell(column("kb"), 4_132_864, 1), "4036");
  assert.equal(formatCell(column("kb"), 2 ** 40, 1, 6), "1.1G");
  assert.equal(formatCell(column("id"), 4_194_304, 1, 3), "4194304");
});

Deno.test("formatCell() cuts the digits after the point before it uses a suffix", () => {
  assert.equal(formatCell(column("s"), 0.000123, 1, 6), "0.0001");
  assert.equal(formatCell(column("ms"), 12345.678, 1, 7), "12345.7");
  assert.equal(formatCell(column("ms"), 12345.678, 1, 6), "12k");
});

Deno.test("formatCell() keeps the decimals of its unit", () => {
  assert.equal(formatCell(column("pct"), 99.4, 1), "99.40");
  assert.equal(formatCell(column("ms"), 12.3456, 1), "12.346");
  assert.equal(formatCell(column("us"), 12345.6, 1), "12346");
  assert.equal(formatCell({ ...column("us"), decimals: 2 }, 1.234, 1), "1.23");
});

Deno.test("formatCell() shows errors by name, and of results only the negative ones", () => {
  const error = { ...column("id"), names: "error" as const };
  const result = { ...column("id"), names: "result" as const };
  assert.deepEqual([2, 13, 0, 9999].map((value) => formatCell(error, value, 1)), [
    "ENOENT",
    "EACCES",
    "0",
    "9999",
  ]);
  assert.deepEqual([-2, 0, 3].map((value) => formatCell(result, value, 1)), ["ENOENT", "0", "3"]);
});
