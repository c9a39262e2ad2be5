/**
 * `ktop record --rows`: the rows of an interval are bounded, and their sums are exact.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, RunningKtop } from "../support/ktop.ts";
import { untilAttached } from "../support/threads.ts";
import { type JsonTick, type Row, rowsOf, sumColumn, total } from "../support/ticks.ts";
import { Workload } from "../support/workload.ts";
import * as io from "../workloads/io.ts";
import * as opens from "../workloads/opens.ts";

type RestTick = JsonTick & { readonly rest?: { readonly rows: number } };

/**
 * Records a workload to each path at once, in one interval, and returns the ticks that each recorder printed. With several, the
 * recorders' intervals would end at different times, and a file that is used across such an end has one row more.
 */
async function recordTogether(
  workload: string,
  tool: string,
  paths: readonly (readonly string[])[],
): Promise<RestTick[][]> {
  const work = await Workload.start(workload);
  const options = ["--tools", tool, "--json", "-i", "3600", "-p", String(work.pid)];
  const recorders = paths.map((path) => new RunningKtop(["record", ...path, ...options]));
  await Promise.all(recorders.map((recorder) => untilAttached(recorder.pid)));
  await work.run();
  const ends = await Promise.all(recorders.map((recorder) => recorder.finish()));
  return ends.map(({ ticks, code, stderr }) => {
    assert.deepEqual([ticks.length, code], [1, 0]);
    assert.match(stderr, /^(ktop: process \d+ has ended\n)?$/);
    return ticks;
  });
}

/** The ticks that replay prints. */
async function replayed(path: string, ...args: string[]): Promise<RestTick[]> {
  const { code, stdout, stderr } = await ktop(["replay", path, ...args, "--json"]);
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
}

const restRows = (ticks: readonly RestTick[]): number =>
  ticks.reduce((sum, { rest }) => sum + (rest?.rows ?? 0), 0);

/** Fails unless a tick has at most this many rows and the sum of the others. */
function assertLimited(ticks: readonly RestTick[], most: number): void {
  for (const { rows, rest, lost } of ticks) {
    assert.ok(rows.length <= most + (rest ? 1 : 0));
    if (rest) assert.deepEqual([rows.at(-1)!.comm, rows.at(-1)!.pid], ["(other)", null]);
    assert.deepEqual(lost, { events: 0, keys: 0, runs: 0 });
  }
  assert.ok(restRows(ticks) > 0);
}

Deno.test("record --rows 1 has the sums of record without it, in text, JSON and CSV", async () => {
  await using dir = await TemporaryDirectory.make("ktop test ");
  const [all, limited] = [`${dir.path}/all`, `${dir.path}/limited/`];
  const [every, few] = await recordTogether("io", "filetop", [[all], [limited, "--rows", "1"]]);
  assertLimited(few!, 1);
  assert.equal(restRows(every!), 0);
  assert.deepEqual(await replayed(limited), few);
  for (const key of ["reads", "writes", "read_bytes", "write_bytes"] as const) {
    const sum = sumColumn(rowsOf(every!), key);
    assert.ok(sum >= io.allFiles[key], key);
    assert.equal(sumColumn(rowsOf(few!), key), sum, key);
    assert.equal(sumColumn(rowsOf(await replayed(limited, "--by", "comm")), key), sum, key);
  }
  assert.equal(
    sumColumn(rowsOf(await replayed(limited, "--by", "comm")), "rows"),
    rowsOf(every!).length,
  );
  const csv = await ktop(["replay", limited, "filetop", "--csv"]);
  const [header, ...lines] = csv.stdout.trimEnd().split("\n").map((line) => line.split(","));
  assert.equal(header!.at(-1), "rest_rows");
  const column = (key: string): number =>
    lines.reduce((sum, line) => sum + Number(line[header!.indexOf(key)]), 0);
  assert.equal(column("writes"), sumColumn(rowsOf(every!), "writes"));
  assert.equal(column("rest_rows"), restRows(few!));
  const text = await ktop(["replay", limited, "-b"]);
  assert.match(text.stdout, /\n- +\(other\) .*\nREST: \(other\) is the sum of \d+ rows?\.\n/);
  assert.doesNotMatch(text.stdout, /LOST/);
});

/** Opens 251 times the same file, in one interval. */
const OPENING = ["-i", "3600", "--", "sh", "-c", 'for i in $(seq 251); do : < "$0"; done'];

Deno.test("record DIR/ counts events beyond 100 of an interval without losing them, and record FILE keeps all", async () => {
  await using dir = await TemporaryDirectory.make();
  const [file, directory] = [`${dir.path}/all`, `${dir.path}/limited/`];
  const record = async (path: string): Promise<RestTick> => {
    const run = await ktop(["record", path, "--tools", "opensnoop", "--json", ...OPENING, "/dev/null"]);
    assert.deepEqual([run.code, run.stderr], [0, ""]);
    return JSON.parse(run.stdout);
  };
  const isCounted = ({ path }: Row): boolean => path === "/dev/null";
  const all = await record(file);
  assert.deepEqual([all.rows.filter(isCounted).length, all.rest], [251, undefined]);
  const few = await record(directory);
  assert.deepEqual([few.rows.length, few.rest?.rows], [100, all.rows.length - 100]);
  assert.deepEqual(few.lost, all.lost);
  const groups = rowsOf(await replayed(directory, "--by", "comm"));
  assert.equal(sumColumn(groups, "events"), all.rows.length);
  assert.equal(sumColumn(groups, "events", ({ comm }) => comm === "(other)"), all.rows.length - 100);
  const text = await ktop(["replay", directory, "-b"]);
  assert.match(
    text.stdout,
    /\nREST: \d+ more events in this interval; only their number and sums were recorded\.\n/,
  );
  assert.doesNotMatch(text.stdout, /LOST/);
});

Deno.test("record --rows all keeps every row in a directory, and wrong numbers exit with 2", async () => {
  await using dir = await TemporaryDirectory.make();
  const directory = `${dir.path}/new/`;
  for (const rows of ["0", "-1", "1.5", "100001", "9".repeat(400), ""]) {
    const { code, stdout, stderr } = await ktop(["record", directory, `--rows=${rows}`]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /--rows .*from 1 to 100000, or all\.\n$/);
  }
  assert.deepEqual([...Deno.readDirSync(dir.path)], []);
  const [ticks] = await recordTogether("opens", "opensnoop", [[directory, "--rows", "all"]]);
  assert.deepEqual([rowsOf(ticks!).length, restRows(ticks!)], [total(opens.calls), 0]);
});
