/**
 * filelife against lives.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { watchWorkload } from "../support/watch.ts";
import * as lives from "../workloads/lives.ts";

Deno.test("filelife reports each file that was created and removed once, with its age", async () => {
  const { rows, pid } = await watchWorkload(["lives"], ["filelife"]);
  assert.deepEqual(lives.countFiles(rows, lives.files), lives.files);
  assert.ok(rows.every((row) => row.pid === pid && row.comm === "lives"));
  const age = Number(rows.find(({ file }) => file === "aged")?.age_s);
  assert.ok(age >= lives.AGED_S, `age_s ${age}`);
});

Deno.test("filelife reports no file that existed before it started, and no failed removal", async () => {
  const { rows } = await watchWorkload(["lives"], ["filelife"]);
  assert.deepEqual(lives.countFiles(rows, lives.neverReported), lives.neverReported);
});
