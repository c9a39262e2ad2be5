/**
 * The workload `blocks` beside ktop: block I/O of known numbers on a loop device of its own, where nobody else reads, not even a
 * page of the program.
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

async function run(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  const decoder = new TextDecoder();
  assert.ok(success, `${command} ${args.join(" ")}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout).trim();
}

/** Makes a loop device over a file of 1 MiB, hands over the paths of both, and takes them away again. */
export async function withLoop(use: (device: string, file: string) => Promise<void>): Promise<void> {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeFile(file, new Uint8Array(1 << 20));
    const device = await run("losetup", "--find", "--show", "--direct-io=on", file);
    try {
      await use(device, file);
    } finally {
      await run("losetup", "-d", device);
    }
  } finally {
    await Deno.remove(file);
  }
}

/** Runs that may be needed until one is whole. */
const ATTEMPTS = 5;

/**
 * Checks until it holds, a few times at most. The kernel of the machine that ktop is developed on runs no program on a raw
 * tracepoint while process 1 is the current one, not even for an interrupt that comes then: a completion in it is not
 * seen. The lab's kernels do, and its cases allow for nothing.
 */
export async function untilWhole(check: () => Promise<void>): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof assert.AssertionError) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Runs `blocks` beside ktop, which watches only it on its disk. */
export async function watchBlocks(...args: string[]): Promise<Watched> {
  let watched: Watched | undefined;
  await withLoop(async (device) => {
    const work = await Workload.start("blocks", [device]);
    const ktop = new RunningKtop([
      ...[...args, "--json", "-i", "0.2"],
      ...["-p", String(work.pid), "-d", device.slice("/dev/".length)],
    ]);
    await ktop.tick();
    const printed = await work.run();
    const { ticks, code, stderr } = await ktop.finish();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.equal(ticks.reduce((lost, tick) => lost + tick.lost.events + tick.lost.keys, 0), 0);
    const words = printed.trim().split("\n").map((line) => line.split(" "));
    const measured = Object.fromEntries(words.map(([word, number]) => [word!, Number(number)]));
    watched = { pid: work.pid, ticks, rows: ticks.flatMap(({ rows }) => rows), measured };
  });
  return watched!;
}
