/**
 * A child process that detaches the BPF programs of this one after its end: native/detach.c.
 *
 * @module
 */
import { c } from "./c_types.ts";
import { openEmbedded } from "./libraries.ts";

const symbols = {
  // int ktop_leave_detaching(void)
  ktop_leave_detaching: { parameters: [], result: c.int },
} as const satisfies Deno.ForeignLibraryInterface;

/**
 * Starts the process. Then closing a link in this process takes no time, and its end does not wait for the kernel. Where the process
 * cannot be started, closing takes as long as before.
 */
export function startDetaching(): void {
  try {
    openEmbedded("native/detach.so", symbols).ktop_leave_detaching();
  } catch {
    // Memory may not be executed here, or there are no descriptors left.
  }
}
