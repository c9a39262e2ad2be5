/**
 * Runs ktop alongside a workload with known numbers, through the command line.
 *
 * @module
 */
import assert from "node:assert/strict";
import { RunningKtop } from "./ktop.ts";
import { type JsonTick, type Losses, losses, type Row, rowsOf, skippedRuns } from "./ticks.ts";
import { Workload } from "./workload.ts";

/** All that may be on standard error: this machine has no such file system; the workload has ended. */
const NOTHING_WRONG =
  /^(ktop: \w+ runs without files on \w+: no such file system is mounted\n)?(ktop: (process|thread) \d+ has ended\n)*$/;

/** What a run of ktop alongside a workload printed. */
export interface Watched {
  /** The ticks after the first, which the workload waits for. */
  readonly ticks: readonly JsonTick[];
  /** Their rows. */
  readonly rows: readonly Row[];
  /** Process id of the workload. */
  readonly pid: number;
  /** Numbers that the workload printed, by the word before each: `read_ns 1234`. */
  readonly measured: Readonly<Record<string, number>>;
}

/** The options that restrict ktop to a workload. */
type Restriction = (pid: number) => readonly string[];

const THE_PROCESS: Restriction = (pid) => ["-p", String(pid)];

/**
 * Runs a workload alongside ktop, which watches only that process, unless `restrict` is given. Fails when ktop writes to standard error,
 * or when its losses are not the expected ones: none, unless given.
 *
 * @param workload its name and arguments
 * @param args the tool and its options
 */
export async function watchWorkload(
  workload: readonly string[],
  args: readonly string[],
  lost?: Losses,
  restrict?: Restriction,
): Promise<Watched> {
  return (await watchTogether(workload, [args], lost, restrict))[0]!;
}

/** Runs of a workload until the kernel skips no program. */
const ATTEMPTS = 5;

/** As {@linkcode watchWorkload}, with several tools on one run of the workload. Runs it again when the kernel skipped a program. */
export async function watchTogether(
  workload: readonly string[],
  tools: readonly (readonly string[])[],
  lost?: Losses,
  restrict = THE_PROCESS,
): Promise<Watched[]> {
  for (let attempt = 1;; attempt++) {
    const watched = await watchOnce(workload, tools, restrict, lost);
    const skipped = watched.reduce((sum, { ticks }) => sum + skippedRuns(ticks), 0);
    if (skipped === 0) return watched;
    assert.ok(attempt < ATTEMPTS, `the kernel skipped ${skipped} runs of ktop's programs`);
  }
}

async function watchOnce(
  workload: readonly string[],
  tools: readonly (readonly string[])[],
  restrict: Restriction,
  lost: Losses = { events: 0, keys: 0 },
): Promise<Watched[]> {
  const work = await Workload.start(workload[0]!, workload.slice(1));
  const { pid } = work;
  const runs = tools.map((args) => new RunningKtop([...args, "--json", "-i", "0.2", ...restrict(pid)]));
  for (const run of runs) await run.tick();
  const printed = await work.run();
  const words = printed.split("\n").map((line) => /^(\w+) (\d+)$/.exec(line));
  const measured = Object.fromEntries(words.flatMap((match) => match ? [[match[1]!, Number(match[2])]] : []));
  return await Promise.all(runs.map(async (run) => {
    const { ticks, code, stderr } = await run.finish();
    assert.equal(code, 0, stderr);
    assert.match(stderr, NOTHING_WRONG);
    assert.deepEqual(losses(ticks), lost);
    return { ticks, rows: rowsOf(ticks), pid, measured };
  }));
}
