/**
 * Runs ktop alongside the workload `blocks`: a known number of requests on a loop device that nothing else uses.
 *
 * @module
 */
import { diskName, withLoopDevice } from "./devices.ts";
import { type Watched, watchWorkload } from "./watch.ts";

/** Runs `blocks` alongside ktop, which watches only that process on that disk. */
export async function watchBlocks(...args: readonly string[]): Promise<Watched> {
  let watched: Watched | undefined;
  await withLoopDevice(async (device) => {
    watched = await watchWorkload(["blocks", device], [...args, "-d", diskName(device)]);
  });
  return watched!;
}
