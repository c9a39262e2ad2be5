import assert from "node:assert/strict";
import { clockTime, counted, humanBytes, humanCount, humanDuration } from "../text/mod.ts";
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

Deno.test("formatCell() shows exact digits without a limit and a suffix where they do not fit", () => {
  assert.equal(formatCell(column("count"), 123_456_789, 1), "123456789");
  assert.equal(formatCell(column("count"), 123_456_789, 1, 6), "123M");
  assert.equal(formatCell(column("kb"), 4_132_864, 1), "4036");
  assert.equal(formatCell(column("kb"), 2 ** 40, 1, 6), "1.1G");
  assert.equal(formatCell(column("id"), 4_194_304, 1, 3), "4194304");
});

Deno.test("formatCell() keeps the decimals of its unit", () => {
  assert.equal(formatCell(column("pct"), 99.4, 1), "99.40");
  assert.equal(formatCell(column("ms"), 12.3456, 1), "12.346");
  assert.equal(formatCell(column("us"), 12345.6, 1), "12346");
  assert.equal(formatCell({ ...column("us"), decimals: 2 }, 1.234, 1), "1.23");
});

Deno.test("humanCount() and humanBytes() step up before they grow wide", () => {
  assert.deepEqual([0, 999, 1000, 9949, 9960, 1.5e6, 9.99e20].map(humanCount), [
    "0",
    "999",
    "1k",
    "9.9k",
    "10k",
    "1.5M",
    "999E",
  ]);
  assert.deepEqual([0, 512, 1024, 1536, 1024 ** 3].map(humanBytes), ["0B", "512B", "1K", "1.5K", "1G"]);
});

Deno.test("humanDuration() shows the two largest units", () => {
  assert.deepEqual([0, 59.9, 60, 3723, 90_000].map(humanDuration), ["0s", "59s", "1m00s", "1h02m", "1d01h"]);
});

Deno.test("clockTime() reads milliseconds and ISO text alike", () => {
  const time = new Date(2026, 10, 20, 8, 5, 9);
  assert.equal(clockTime(time.getTime()), "08:05:09");
  assert.equal(clockTime(time.toISOString()), "08:05:09");
});

Deno.test("counted() says one of a thing as one", () => {
  assert.deepEqual([0, 1, 2].map((count) => counted(count, "row")), ["0 rows", "1 row", "2 rows"]);
});
