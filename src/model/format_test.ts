import assert from "node:assert/strict";
import type { Column } from "./columns.ts";
import { columnFormat, formatCell, formatValue } from "./format.ts";
import type { Row } from "./tick.ts";
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

Deno.test("formatValue() shows an unknown value as a dash, never as 0", () => {
  for (const unit of ["count", "kb", "pct", "time", "text"] as const) {
    assert.equal(formatValue(column(unit), null, 1), "-");
  }
});

Deno.test("formatValue() divides by the measured interval when the column is a rate", () => {
  assert.equal(formatValue(column("count", true), 318, 2), "159");
  assert.equal(formatValue(column("count", true), 5, 1.0003), "5");
  assert.equal(formatValue(column("count", true), 1, 2), "0.5");
  assert.equal(formatValue(column("count", true), 1, 100), "<0.1");
  assert.equal(formatValue(column("count"), 318, 2), "318");
});

Deno.test("formatValue() shows exact digits without a limit and a suffix if they do not fit", () => {
  assert.equal(formatValue(column("count"), 123_456_789, 1), "123456789");
  assert.equal(formatValue(column("count"), 123_456_789, 1, 6), "123M");
  assert.equal(formatValue(column("kb"), 4_132_864, 1), "4036");
  assert.equal(formatValue(column("kb"), 2 ** 40, 1, 6), "1.1G");
  assert.equal(formatValue(column("id"), 4_194_304, 1, 3), "4194304");
});

Deno.test("formatValue() cuts the digits after the point before it uses a suffix", () => {
  assert.equal(formatValue(column("s"), 0.000123, 1, 6), "0.0001");
  assert.equal(formatValue(column("ms"), 12345.678, 1, 7), "12345.7");
  assert.equal(formatValue(column("ms"), 12345.678, 1, 6), "12k");
});

Deno.test("formatValue() keeps the decimals of its unit", () => {
  assert.equal(formatValue(column("pct"), 99.4, 1), "99.40");
  assert.equal(formatValue(column("ms"), 12.3456, 1), "12.346");
  assert.equal(formatValue(column("us"), 12345.6, 1), "12346");
  assert.equal(formatValue({ ...column("us"), decimals: 2 }, 1.234, 1), "1.23");
});

/** The texts of a column with these values. */
const texts = (shown: Column, values: readonly (number | null)[], cells: number): string[] => {
  const rows = values.map((x): Row => ({ x }));
  return rows.map(columnFormat(shown, rows, { intervalS: 1, cells }));
};

Deno.test("columnFormat() shows all bytes of a column in one unit, and small counts exactly", () => {
  assert.deepEqual(texts(column("bytes"), [512, 4096, 131_072], 6), ["512", "4096", "131072"]);
  assert.deepEqual(texts(column("bytes"), [512, 4096, 131_072, null, 0], 5), ["1k", "4k", "131k", "-", "0"]);
  assert.deepEqual(texts(column("bytes"), [4096, 99_000, 123_456_789], 5), ["<1M", "<1M", "123M"]);
  assert.deepEqual(texts(column("bytes"), [1_234_567, 9_876_543], 5), ["1235k", "9877k"]);
  assert.deepEqual(texts(column("count"), [12, 9_876_543], 5), ["12", "9.9M"]);
});

Deno.test("columnFormat() shows all values of a column with the same number of decimals", () => {
  assert.deepEqual(texts(column("kb"), [512, 2048, 9000, 0], 6), ["0.5", "2.0", "8.8", "0"]);
  assert.deepEqual(texts(column("kb"), [100, 2048, 1_000_000], 6), ["<1", "2", "977"]);
  assert.deepEqual(texts(column("kb"), [1024, 2048], 6), ["1", "2"]);
  assert.deepEqual(texts(column("count", true), [5, 12], 6), ["5", "12"]);
  assert.deepEqual(texts(column("ms"), [0.123, 12_345.678], 7), ["0.1", "12345.7"]);
  assert.deepEqual(texts(column("pct"), [99.4, 5], 6), ["99.40", "5.00"]);
  assert.deepEqual(texts(column("us"), [0.2, 7], 6), ["<1", "7"]);
});

Deno.test("columnFormat() leaves names, ids and times as formatCell() shows them", () => {
  assert.deepEqual(texts({ ...column("id"), names: "error" }, [2, 0], 6), ["ENOENT", "0"]);
  assert.deepEqual(texts(column("id"), [4_194_304, 7], 3), ["4194304", "7"]);
  assert.deepEqual(texts({ ...column("count"), names: "error" }, [2, 0], 6), ["ENOENT", "0"]);
  assert.match(texts(column("time"), [90_000], 8)[0]!, /^\d\d:\d\d:30$/);
});

Deno.test("formatCell() shows errors by name, and of results only the negative ones", () => {
  const error = { ...column("id"), names: "error" as const };
  const result = { ...column("id"), names: "result" as const };
  assert.deepEqual([2, 13, 0, 9999].map((value) => formatCell(error, { x: value }, 1)), [
    "ENOENT",
    "EACCES",
    "0",
    "9999",
  ]);
  assert.deepEqual([-2, 0, 3].map((value) => formatCell(result, { x: value }, 1)), ["ENOENT", "0", "3"]);
});

Deno.test("formatCell() shows modes as ls does, flags by the name in the row, and users beside their id", () => {
  const text = (names: "mode" | "flags" | "user", row: Row): string =>
    formatCell({ ...column(names === "user" ? "id" : "text"), names }, row, 1);
  assert.equal(text("mode", { x: "0644" }), "rw-r--r--");
  assert.equal(text("mode", { x: null }), "-");
  assert.equal(text("flags", { x: "02000000", x_name: "O_RDONLY|O_CLOEXEC" }), "O_RDONLY|O_CLOEXEC");
  assert.equal(text("flags", { x: "02000000" }), "02000000");
  assert.equal(text("user", { x: 0, x_name: "root" }), "0(root)");
  assert.equal(text("user", { x: 4711, x_name: null }), "4711");
});

Deno.test("formatCell() cuts the name of a user to the width, as ps does, and never the id", () => {
  const text = (x: number, x_name: string, cells: number): string =>
    formatCell({ ...column("id"), names: "user" }, { x, x_name }, 1, cells);
  assert.equal(text(65534, "nobody", 13), "65534(nobody)");
  assert.equal(text(65534, "nobody", 12), "65534(nobo+)");
  assert.equal(text(996, "systemd-resolve", 14), "996(systemd-+)");
  assert.equal(text(0, "日本語", 8), "0(日本+)");
  assert.equal(text(4294967294, "longname", 14), "4294967294(l+)");
  assert.equal(text(4294967294, "longname", 13), "4294967294");
});
