/**
 * The workload `slow`, whose operations are known and timed, beside a tool: what the tests of fileslower, fsslower and
 * fsdist share.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type JsonTick, RunningKtop } from "./ktop.ts";
import { Workload } from "./workload.ts";

/** Rows of any tick. */
export type Rows = JsonTick["rows"];

/** What a run of `slow` beside ktop left. */
export interface Watched {
  readonly rows: Rows;
  readonly ticks: readonly JsonTick[];
  /** What the workload measured, by word: "read_ns". */
  readonly measured: Readonly<Record<string, number>>;
}

/** Runs `slow` in a directory beside ktop, which watches only it. */
export async function watchSlow(directory: string, args: readonly string[]): Promise<Watched> {
  const work = await Workload.start("slow", [directory]);
  const ktop = new RunningKtop([...args, "--json", "-i", "0.2", "-p", String(work.pid)]);
  await ktop.tick();
  const printed = await work.run();
  const { ticks, code, stderr } = await ktop.finish();
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.equal(ticks.reduce((lost, tick) => lost + tick.lost.events + tick.lost.keys, 0), 0);
  const words = printed.trim().split("\n").map((line) => line.split(" "));
  const measured = Object.fromEntries(words.map(([word, number]) => [word!, Number(number)]));
  return { rows: ticks.flatMap(({ rows }) => rows), ticks, measured };
}

/** Rows by file and the letter in a column: { "big.dat R": 5 }. */
export function tally(rows: Rows, column: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    const key = `${row.file} ${row[column]}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Sum of a column. */
export const total = (rows: Rows, key: string): number =>
  rows.reduce((sum, row) => sum + Number(row[key]), 0);

/** The reads and writes of `slow`, as {@linkcode tally} has them. */
export const READS_AND_WRITES = {
  "big.dat R": 5,
  "big.dat W": 7,
  "small.dat R": 211 + 61 + 31,
  "small.dat W": 307 + 67 + 37 + 1,
  "sync.dat W": 17,
};
