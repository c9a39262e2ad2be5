/**
 * The directories of removed files, and -d, against below.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { countRows, type JsonTick, type Row } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as below from "../workloads/below.ts";

const lostKeys = (keys: number): JsonTick["lost"] => ({ events: 0, keys });

/** A run beside the workload, with -d unless `everywhere`. */
async function watch(
  tool: readonly string[],
  lost: number,
  { everywhere = false } = {},
): Promise<{ rows: readonly Row[]; tier: string; base: string }> {
  await using directory = await TemporaryDirectory.make();
  const base = directory.path;
  const options = everywhere ? [] : ["-d", `${base}/in`];
  await Deno.mkdir(`${base}/in`);
  const { rows, ticks } = await watchWorkload(["below", base], [...tool, ...options], lostKeys(lost));
  return { rows, tier: ticks[0]!.tier, base };
}

Deno.test("filegone shows the directory of each removed and renamed name", async () => {
  const { rows, tier, base } = await watch(["filegone"], 0, { everywhere: true });
  assert.deepEqual(countRows(rows, below.letterOf), below.allGone);
  const expected = { ...below.directories(tier), ...below.changedDirectories };
  assert.deepEqual(below.directoriesIn(rows, base), expected);
});

Deno.test("filegone shows whole paths of removed names, and both of a rename", async () => {
  const { rows, base } = await watch(["filegone"], 0, { everywhere: true });
  const pathsOf = (name: string) =>
    rows.filter((row) => row.name === name).map((row) => [row.path, row.new_path]);
  assert.deepEqual(pathsOf("b-4"), [[`${base}/in/b-4`, null]]);
  assert.deepEqual(pathsOf("g-18"), [[`${base}/in/bind/g-18`, null]]);
  assert.deepEqual(pathsOf("o-1"), [[`${base}/in/o-1`, null]]);
  assert.deepEqual(pathsOf("i-28"), [[`${base}/in/i-28`, `${base}/out/i-28`]]);
  assert.deepEqual(pathsOf("j-30"), [[`${base}/out/j-30`, `${base}/out/j-moved-30`]]);
});

Deno.test("filegone -d reports names below the directory, renames into it and out of it, and no others", async () => {
  const { rows, tier } = await watch(["filegone"], below.TOO_DEEP);
  assert.deepEqual(countRows(rows, below.letterOf), below.gone(tier));
});

Deno.test("filelife shows the directory of each removed file", async () => {
  const { rows, tier, base } = await watch(["filelife"], 0, { everywhere: true });
  assert.deepEqual(countRows(rows, below.letterOf), below.allLives());
  assert.deepEqual(below.directoriesIn(rows, base), below.directories(tier));
  assert.ok(rows.every((row) => row.path === `${row.dir}/${row.file}`));
});

Deno.test("filelife -d reports files removed below the directory, and no others", async () => {
  const { rows, tier } = await watch(["filelife"], below.TOO_DEEP);
  assert.deepEqual(countRows(rows, below.letterOf), below.lives(tier));
});

Deno.test("fileslower -d reports writes below the directory, and no others", async () => {
  const { rows } = await watch(["fileslower", "0"], below.TOO_DEEP);
  assert.deepEqual(countRows(rows, below.letterOf), below.files);
});
