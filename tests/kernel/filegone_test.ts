import assert from "node:assert/strict";
import { watchWorkload } from "../support/watch.ts";

Deno.test("filegone tells each removal and renaming once, and none that failed", async () => {
  const { ticks, pid } = await watchWorkload(["gone"], ["filegone"]);
  const rows = ticks.flatMap(({ rows }) => rows);
  const count = (action: string): number => rows.filter((row) => row.action === action).length;
  assert.deepEqual([count("DELETE"), count("RMDIR"), count("RENAME")], [37 + 41, 19 + 23, 29 + 31 + 13 + 2]);
  assert.ok(rows.every((row) => row.pid === pid && row.comm === "gone"));
});

Deno.test("filegone shows both names of a renaming, and none after a removal", async () => {
  const rows = (await watchWorkload(["gone"], ["filegone"])).ticks.flatMap(({ rows }) => rows);
  const named = (name: string) =>
    rows.filter((row) => row.name === name).map(({ file, new_name }) => [file, new_name]);
  assert.deepEqual(named("from3"), [["from3 > to3", "to3"]]);
  assert.deepEqual(named("file3"), [["file3", null]]);
  assert.deepEqual(named("directory20"), [["directory20", null]]);
  assert.deepEqual(named("l".repeat(200)), [[`${"l".repeat(200)} > ${"m".repeat(201)}`, "m".repeat(201)]]);
});
