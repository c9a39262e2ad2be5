/**
 * `--full-path` against full_paths.c, which compares the paths with those of readlink(2).
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { countRows, type Row } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as fullPaths from "../workloads/full_paths.ts";

async function watched(args: readonly string[]): Promise<{ rows: readonly Row[]; base: string }> {
  await using directory = await TemporaryDirectory.make();
  const { rows } = await watchWorkload(["full_paths", directory.path], args);
  return { rows, base: directory.path };
}

Deno.test("filetop --full-path shows the path of each of 1,128 files as the kernel does", async () => {
  const { rows, base } = await watched(["filetop", "--full-path"]);
  assert.deepEqual(countRows(rows, fullPaths.letterAt(base)), fullPaths.files);
});

Deno.test("fileslower --full-path shows the path of each of 1,128 files as the kernel does", async () => {
  const { rows, base } = await watched(["fileslower", "0", "--full-path"]);
  assert.deepEqual(countRows(rows, fullPaths.letterAt(base)), fullPaths.files);
});

Deno.test("fsslower --full-path shows the paths of files on two mounts of a file system, one in a chroot", async () => {
  const { rows, base } = await watched(["fsslower", "0", "-t", "tmpfs", "--full-path"]);
  const writes = rows.filter(({ operation }) => operation === "W");
  assert.deepEqual(countRows(writes, fullPaths.letterAt(base)), fullPaths.tmpfsFiles);
});

Deno.test("filetop --full-path marks the start of a path of more than 256 names as unknown", async () => {
  const { rows } = await watchWorkload(["deep"], ["filetop", "--full-path"]);
  const paths = (name: string): Set<unknown> =>
    new Set(rows.filter(({ file }) => file === name).map(({ path }) => path));
  assert.deepEqual(paths("far"), new Set([`\\…${"/d".repeat(255)}/far`]));
  assert.match(String([...paths("near")]), /^\/tmp\/ktop-lab-deep-\d+(\/d){61}\/near$/);
});

Deno.test("without --full-path the path is unknown", async () => {
  const { rows } = await watched(["filetop"]);
  assert.ok(rows.length > 0 && rows.every(({ path }) => path === null));
});
