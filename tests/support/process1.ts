/**
 * Checks on a kernel that hides what happens while process 1 is current.
 *
 * The kernel of the development machine protects its process 1: not even root may read the link /proc/1/exe. While a thread of it, or
 * the idle thread of a CPU other than the first, is current, that kernel runs no program on a tracepoint and records no perf event, not
 * even for an interrupt that arrives then: the completion of a disk request, or the switch from that thread to another, may be missed.
 * `perf record -a -e sched:sched_switch` shows switches to the threads of process 1, and none from them.
 *
 * @module
 */
import assert from "node:assert/strict";

const ATTEMPTS = 20;

/** Whether the kernel hides what happens while process 1 is current. */
export function hidesProcess1(): boolean {
  try {
    Deno.readLinkSync("/proc/1/exe");
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return true;
    throw error;
  }
}

/** Makes a check; on a kernel that hides what happens while process 1 is current, again until it holds, at most twenty times. */
export async function retryHidden(check: () => Promise<void>): Promise<void> {
  const attempts = hidesProcess1() ? ATTEMPTS : 1;
  for (let attempt = 1;; attempt++) {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof assert.AssertionError) || attempt === attempts) throw error;
    }
  }
}
