import assert from "node:assert/strict";
import { demoColumn } from "../../../tests/support/demo_columns.ts";
import { textColumns } from "../../model/mod.ts";
import { filetop } from "../filetop/mod.ts";
import { withColumnsFor, withSwitched } from "./columns_for.ts";

const shown = (flags: Record<string, boolean>): string[] =>
  textColumns(withColumnsFor(filetop, { filters: { self: false }, flags }), true).map(({ key }) => key);

Deno.test("withColumnsFor() uses the columns for the options", () => {
  assert.deepEqual(shown({}).slice(0, 2), ["tid", "comm"]);
  assert.deepEqual(shown({ "by-process": true }).slice(0, 2), ["pid", "comm"]);
});

Deno.test("withSwitched() shows the columns whose switch is set, and does not change the others", () => {
  const columns = [
    demoColumn("time", { shown: "data" }),
    demoColumn("uid", { shown: "wide" }),
    demoColumn("a"),
  ];
  const switches = { time: "timestamp", uid: "print-uid" };
  const result = withSwitched(columns, { timestamp: true }, switches).map((column) => column.shown);
  assert.deepEqual(result, ["always", "wide", "always"]);
});
