/**
 * Columns of no tool, for tests of what draws, places and prints columns.
 *
 * @module
 */
import type { Column } from "../../src/model/mod.ts";

/** A column of counts, six cells wide, unless `rest` says otherwise; text is aligned left. */
export function demoColumn(key: string, rest: Partial<Column> = {}): Column {
  return {
    key,
    title: key.toUpperCase(),
    description: "",
    unit: "count",
    width: 6,
    align: rest.unit === "text" ? "left" : "right",
    ...rest,
  };
}

/** As many kinds of columns as a file tool has: 7 of 58 cells, of which `cpu` is wide and `inode` data. */
export const DEMO_COLUMNS: readonly Column[] = [
  demoColumn("tid", { unit: "id" }),
  demoColumn("comm", { unit: "text", width: 8 }),
  demoColumn("reads"),
  demoColumn("writes"),
  demoColumn("cpu", { unit: "id", width: 3, shown: "wide" }),
  demoColumn("inode", { unit: "id", width: 9, shown: "data" }),
  demoColumn("file", { unit: "text", width: 20 }),
];
