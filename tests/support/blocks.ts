/**
 * The workload `blocks` beside ktop: block I/O of known numbers on the disk below /tmp.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type JsonTick, RunningKtop } from "./ktop.ts";
import { Workload } from "./workload.ts";

/** What a run of `blocks` beside ktop left. */
export interface Watched {
  readonly pid: number;
  readonly ticks: readonly JsonTick[];
  readonly rows: JsonTick["rows"];
  /** What the workload printed, by word: "total_us". */
  readonly measured: Readonly<Record<string, number>>;
}

/** Runs `blocks` beside ktop, which watches only it. */
export async function watchBlocks(...args: string[]): Promise<Watched> {
  const work = await Workload.start("blocks");
  const ktop = new RunningKtop([...args, "--json", "-i", "0.2", "-p", String(work.pid)]);
  await ktop.tick();
  const printed = await work.run();
  const { ticks, code, stderr } = await ktop.finish();
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.equal(ticks.reduce((lost, tick) => lost + tick.lost.events + tick.lost.keys, 0), 0);
  const words = printed.trim().split("\n").map((line) => line.split(" "));
  const measured = Object.fromEntries(words.map(([word, number]) => [word!, Number(number)]));
  return { pid: work.pid, ticks, rows: ticks.flatMap(({ rows }) => rows), measured };
}
