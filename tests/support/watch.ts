/**
 * A tool beside a workload of known numbers, through the command line.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type JsonTick, RunningKtop } from "./ktop.ts";
import { Workload } from "./workload.ts";

/** What a watched run left. */
export interface Watched {
  /** The ticks after the start of the workload. */
  readonly ticks: readonly JsonTick[];
  /** Process id of the workload. */
  readonly pid: number;
  /** What it printed. */
  readonly printed: string;
}

/**
 * Runs a workload beside ktop, which watches only it. Nothing may be lost, and ktop says nothing on standard error.
 *
 * @param workload its name and arguments
 * @param args the tool and its options
 */
export async function watchWorkload(workload: readonly string[], args: readonly string[]): Promise<Watched> {
  const work = await Workload.start(workload[0]!, workload.slice(1));
  const ktop = new RunningKtop([...args, "--json", "-i", "0.2", "-p", String(work.pid)]);
  await ktop.tick();
  const printed = await work.run();
  const { ticks, code, stderr } = await ktop.finish();
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.deepEqual(ticks.map(({ lost }) => lost.events + lost.keys).filter((lost) => lost > 0), []);
  return { ticks, pid: work.pid, printed };
}
