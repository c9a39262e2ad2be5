/**
 * Example columns for tests of code that lays out, draws and prints columns; they belong to no tool.
 *
 * @module
 */
import type { Column } from "../../src/model/mod.ts";

/** A column of counts, six cells wide; `rest` overrides its properties. Text is aligned left. */
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

/** Seven columns of 58 cells, like those of a file tool: `cpu` is shown only when wide, `inode` only as data. */
export const DEMO_COLUMNS: readonly Column[] = [
  demoColumn("tid", { unit: "id" }),
  demoColumn("comm", { unit: "text", width: 8 }),
  demoColumn("reads"),
  demoColumn("writes"),
  demoColumn("cpu", { unit: "id", width: 3, shown: "wide" }),
  demoColumn("inode", { unit: "id", width: 9, shown: "data" }),
  demoColumn("file", { unit: "text", width: 20 }),
];
