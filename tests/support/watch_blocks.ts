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
 * Repeats a check until it holds, at most twenty times. The kernel of the development machine runs no program on a raw
 * tracepoint while process 1 is current, not even for an interrupt that arrives then, so a completion may be missed. The
 * kernels of the lab run it: the lab's cases are not repeated.
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
