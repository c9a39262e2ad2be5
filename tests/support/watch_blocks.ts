/**
 * Runs ktop alongside the workload `blocks`: a known number of requests on a loop device that nothing else uses.
 *
 * @module
 */
import assert from "node:assert/strict";
import { diskName, withLoopDevice } from "./devices.ts";
import { type Watched, watchWorkload } from "./watch.ts";

const ATTEMPTS = 20;

/**
 * Repeats a check until it holds, at most twenty times. The kernel of the development machine runs no tracepoint in the threads of
 * process 1 and in the idle threads of all CPUs but the first, not even for an interrupt that arrives then: neither perf nor BPF
 * sees a completion there. The kernels of the lab run it: the lab's cases are not repeated.
 */
export async function retryMissedCompletions(check: () => Promise<void>): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof assert.AssertionError) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Runs `blocks` alongside ktop, which watches only that process on that disk. */
export async function watchBlocks(...args: readonly string[]): Promise<Watched> {
  let watched: Watched | undefined;
  await withLoopDevice(async (device) => {
    watched = await watchWorkload(["blocks", device], [...args, "-d", diskName(device)]);
  });
  return watched!;
}
