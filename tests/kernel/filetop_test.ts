/**
 * filetop against io.c and uring.c, and with a hostile file name.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withHostileFile } from "../support/hostile_file.ts";
import { RunningKtop } from "../support/ktop.ts";
import { type Row, sumColumn } from "../support/ticks.ts";
import { watchTogether, watchWorkload } from "../support/watch.ts";
import * as io from "../workloads/io.ts";

const RW = io.files["rw.dat"];

/** Sums of filetop's columns for one file. */
function sumsOf(rows: readonly Row[], file: string): io.IoSums {
  const sum = (key: string): number => sumColumn(rows, key, (row) => row.file === file);
  return {
    reads: sum("reads"),
    writes: sum("writes"),
    read_bytes: sum("read_bytes"),
    write_bytes: sum("write_bytes"),
  };
}

Deno.test("filetop counts plain reads and writes and their bytes exactly", async () => {
  const { rows } = await watchWorkload(["io"], ["filetop"]);
  assert.ok(rows.every(({ type, comm }) => type === "R" && comm === "io"));
  assert.deepEqual(sumsOf(rows, "rw.dat"), RW);
});

Deno.test("filetop counts vectored and spliced calls with their bytes", async () => {
  const { rows } = await watchWorkload(["io"], ["filetop"]);
  for (const file of ["vectored.dat", "from.dat", "to.dat"] as const) {
    assert.deepEqual(sumsOf(rows, file), io.files[file], file);
  }
});

Deno.test("filetop and syscount -P count each of a million reads that are made while they read their counters", async () => {
  const [files, calls] = await watchTogether(["steady_reads"], [["filetop"], [
    "syscount",
    ...["-P", "--syscall", "pread64"],
  ]]);
  assert.ok(files!.ticks.filter(({ rows }) => rows.length > 0).length > 2);
  assert.equal(sumColumn(files!.rows, "reads"), io.STEADY_READS);
  assert.equal(sumColumn(calls!.rows, "count"), io.STEADY_READS);
});

Deno.test("filetop counts io_uring's reads and writes with their bytes", async () => {
  const { rows } = await watchWorkload(["uring"], ["filetop"]);
  assert.deepEqual(sumsOf(rows, "uring.dat"), io.uring);
});

Deno.test("filetop --by adds the reads and writes of each file, and of each program", async () => {
  const byFile = await watchWorkload(["io"], ["filetop", "--by", "file"]);
  for (const [file, expected] of Object.entries(io.files)) {
    assert.deepEqual(sumsOf(byFile.rows, file), expected, file);
  }
  for (const { rows } of byFile.ticks) {
    assert.equal(new Set(rows.map(({ file }) => file)).size, rows.length);
  }
  const { ticks, rows } = await watchWorkload(["io"], ["filetop", "--by", "comm"]);
  assert.ok(ticks.every(({ rows }) => rows.length <= 1));
  assert.ok(rows.every(({ comm }) => comm === "io"));
  for (const key of ["reads", "writes", "read_bytes", "write_bytes"] as const) {
    assert.equal(sumColumn(rows, key), io.allFiles[key], key);
  }
});

Deno.test("filetop --write-only counts no reads", async () => {
  const { rows } = await watchWorkload(["io"], ["filetop", "--write-only"]);
  assert.deepEqual([sumColumn(rows, "reads"), sumsOf(rows, "rw.dat").writes], [0, RW.writes]);
});

Deno.test("filetop --by-process reports the pid and no tid", async () => {
  const { rows } = await watchWorkload(["io"], ["filetop", "--by-process"]);
  assert.ok(rows.length > 0);
  assert.ok(rows.every(({ tid, pid }) => tid === null && typeof pid === "number"));
});

Deno.test("filetop -d counts files 61 levels below the directory, and counts those too deep to follow as lost", async () => {
  const { rows } = await watchWorkload(["deep"], ["filetop", "-d", "/tmp"], { events: 0, keys: io.deep.far });
  assert.deepEqual([sumsOf(rows, "near").writes, sumColumn(rows, "writes")], [io.deep.near, io.deep.near]);
});

Deno.test("filetop -d counts only files below the directory, at any depth", async () => {
  const rowsBelow = async (directory: string): Promise<readonly Row[]> =>
    (await watchWorkload(["io"], ["filetop", "-d", directory])).rows;
  assert.equal(sumsOf(await rowsBelow("/tmp"), "rw.dat").writes, RW.writes);
  assert.equal(sumColumn(await rowsBelow("/etc"), "writes"), 0);
});

/** A name with a title sequence, a newline, a C1 byte, invalid UTF-8 and a bidi override. */
const HOSTILE = new Uint8Array([
  ...new TextEncoder().encode("a\x1b]0;owned\x07\n\u009b"),
  0xff,
  ...new TextEncoder().encode("\u202eb"),
]);
const ESCAPED = "a\\x1b]0;owned\\a\\n\\u009b\\xff\\u202eb";

Deno.test("filetop prints a hostile file name escaped, as JSON and as text", async () => {
  await withHostileFile(HOSTILE, async (pid) => {
    const json = new RunningKtop(["filetop", "--json", "-i", "0.2", "-p", String(pid)]);
    let rows = (await json.tick()).rows;
    while (rows.length === 0) rows = (await json.tick()).rows;
    await json.finish();
    assert.equal(rows[0]!.file, ESCAPED);
    const text = new RunningKtop(["filetop", "-i", "0.2", "-p", String(pid)]);
    let line = await text.line();
    while (!line.includes("owned")) line = await text.line();
    await text.end();
    assert.ok(line.endsWith(ESCAPED), line);
  });
});
