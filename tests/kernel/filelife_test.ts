import assert from "node:assert/strict";
import { watchWorkload } from "../support/watch.ts";

Deno.test("filelife tells each file that was created and removed once, with its age", async () => {
  const { ticks, pid } = await watchWorkload(["lives"], ["filelife"]);
  const rows = ticks.flatMap(({ rows }) => rows);
  const told = rows.filter(({ file }) => String(file).startsWith("told"));
  assert.equal(told.length, 43 + 47 + 13);
  assert.equal(new Set(told.map(({ file }) => file)).size, 103);
  assert.ok(rows.every((row) => row.pid === pid && row.comm === "lives"));
  const aged = rows.filter(({ file }) => file === "aged");
  assert.equal(aged.length, 1);
  assert.ok(Number(aged[0]!.age_s) >= 0.12, `age_s ${aged[0]!.age_s}`);
});

Deno.test("filelife does not tell files that were there before, or removals that failed", async () => {
  const rows = (await watchWorkload(["lives"], ["filelife"])).ticks.flatMap(({ rows }) => rows);
  assert.deepEqual(rows.filter(({ file }) => /^(old|absent|directory|stays)/.test(String(file))), []);
});
