import assert from "node:assert/strict";
import { ownOrder } from "../model/mod.ts";
import { TOOLS } from "./mod.ts";

Deno.test("each tool with a table declares its sort columns, and they exist", () => {
  for (const tool of TOOLS) {
    const keys = ownOrder(tool);
    assert.ok(keys.every((key) => tool.columns.some((column) => column.key === key)), tool.name);
    if (tool.view === "events") assert.deepEqual(keys, ["time"], tool.name);
  }
  const filetop = TOOLS.find(({ name }) => name === "filetop")!;
  assert.deepEqual(ownOrder(filetop, { "sort-by": "rbytes" }), ["read_bytes"]);
  assert.deepEqual(ownOrder(filetop), ["reads", "writes", "read_bytes", "write_bytes"]);
});
