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

Deno.test("filelife reports a file that was renamed over another one with its own age", async () => {
  const { rows, measured } = await watchWorkload(["lives"], ["filelife"]);
  const ages = rows.filter(({ file }) => String(file).startsWith("target")).map(({ age_s }) => Number(age_s));
  assert.equal(ages.length, lives.files.target);
  assert.ok(ages.every((age) => age * 1e6 <= measured.replaced_us!), `${ages} ${measured.replaced_us}`);
});

Deno.test("filelife reports no file that existed before it started, and no failed removal", async () => {
  const { rows } = await watchWorkload(["lives"], ["filelife"]);
  assert.deepEqual(lives.countFiles(rows, lives.neverReported), lives.neverReported);
});
