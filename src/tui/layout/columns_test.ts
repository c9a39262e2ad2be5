import assert from "node:assert/strict";
import { DEMO_COLUMNS, demoColumn } from "../../../tests/support/demo_columns.ts";
import type { Row } from "../../model/mod.ts";
import { placeColumns, tableColumns } from "./columns.ts";

const keys = (width: number, sortKey: string | null = null): string[] =>
  placeColumns(DEMO_COLUMNS, width, new Set(sortKey ? [sortKey] : [])).map(({ column }) => column.key);

Deno.test("placeColumns() shows wide columns only if all fit, and never data columns", () => {
  assert.deepEqual(keys(60), ["tid", "comm", "reads", "writes", "cpu", "file"]);
  assert.deepEqual(keys(53), ["tid", "comm", "reads", "writes", "file"]);
});

Deno.test("placeColumns() hides numbers before names when there is no room, but not the sort column", () => {
  assert.deepEqual(keys(36), ["tid", "comm", "reads", "file"]);
  assert.deepEqual(keys(30), ["tid", "comm", "file"]);
  assert.deepEqual(keys(36, "writes"), ["tid", "comm", "writes", "file"]);
});

Deno.test("placeColumns() never leaves the region, whatever the width", () => {
  for (let width = 1; width < 120; width++) {
    for (const { x, width: cells } of placeColumns(DEMO_COLUMNS, width, new Set(["reads"]))) {
      assert.ok(cells >= 0 && x + cells <= Math.max(width, x), `${x}+${cells} at ${width}`);
    }
  }
});

Deno.test("placeColumns() cuts names before it hides a number", () => {
  const columns = [
    demoColumn("comm", { unit: "text", width: 16 }),
    demoColumn("reads"),
    demoColumn("file", { unit: "text", width: 24 }),
  ];
  const widths = (width: number): number[] =>
    placeColumns(columns, width, new Set()).map((place) => place.width);
  assert.deepEqual(widths(60), [16, 6, 36]);
  assert.deepEqual(widths(36), [16, 6, 12]);
  assert.deepEqual(widths(28), [8, 6, 12]);
  assert.deepEqual(widths(27), [14, 12]);
});

Deno.test("tableColumns() shows every column in one of its scrolled positions, and counts those that do not fit", () => {
  for (let width = 1; width < 80; width++) {
    const seen = new Set<string>();
    for (let skip = 0; skip <= DEMO_COLUMNS.length; skip++) {
      const { placed, hidden, skipped } = tableColumns(DEMO_COLUMNS, width, { kept: new Set(), skip });
      for (const { column, x, width: cells } of placed) {
        if (cells > 0) seen.add(column.key);
        assert.ok(cells >= 0 && x + cells <= Math.max(width, x), `${x}+${cells} at ${width}`);
      }
      assert.equal(
        placed.filter((place) => place.width > 0).length + hidden.length + skipped.length,
        6,
        `${width} ${skip}`,
      );
    }
    assert.deepEqual(
      [...seen].toSorted(),
      ["comm", "cpu", "file", "reads", "tid", "writes"],
      `width ${width}`,
    );
  }
});

Deno.test("tableColumns() keeps a column that was switched on while others are hidden", () => {
  const on = DEMO_COLUMNS.map((column) =>
    column.key === "inode" ? { ...column, shown: "always" as const } : column
  );
  const { placed, hidden } = tableColumns(on, 40, { kept: new Set(["inode"]), skip: 0 });
  assert.deepEqual(placed.map(({ column }) => column.key), ["tid", "comm", "inode", "file"]);
  assert.equal(hidden.length, 3);
});

Deno.test("tableColumns() gives longer values the cells that are left, the more important column first", () => {
  const address = { unit: "text", width: 15, minWidth: 15, maxWidth: 39 } as const;
  const columns = [
    demoColumn("local", { ...address, priority: -1 }),
    demoColumn("remote", { ...address, priority: 1 }),
    demoColumn("bytes"),
  ];
  const rows: readonly Row[] = [{ local: "2001:db8::1:15:22", remote: "192.0.2.1", bytes: 1 }, {
    remote: "2001:db8:85a3::8a2e:370:7334",
  }];
  const widths = (width: number, of = rows): number[] =>
    tableColumns(columns, width, { kept: new Set(), skip: 0, rows: of }).placed.map((place) => place.width);
  assert.deepEqual(widths(38), [15, 15, 6]);
  assert.deepEqual(widths(48), [15, 25, 6]);
  assert.deepEqual(widths(80), [17, 28, 6]);
  assert.deepEqual(widths(80, []), [15, 15, 6]);
});

Deno.test("tableColumns() shortens names to their values before it cuts a path at the end", () => {
  const columns = [
    demoColumn("comm", { unit: "text", width: 16 }),
    demoColumn("path", { unit: "text", width: 16 }),
  ];
  const widths = (comm: string, path: string): number[] =>
    tableColumns(columns, 33, { kept: new Set(), skip: 0, rows: [{ comm, path }] }).placed.map(({ width }) =>
      width
    );
  assert.deepEqual(widths("sh", "/a"), [16, 16]);
  assert.deepEqual(widths("sh", `/${"a".repeat(40)}`), [8, 24]);
  assert.deepEqual(widths("sh", `/${"a".repeat(17)}`), [14, 18]);
  assert.deepEqual(widths("日本語日本", `/${"a".repeat(40)}`), [12, 20]);
  assert.deepEqual(widths("x".repeat(15), `/${"a".repeat(40)}`), [16, 16]);
});
