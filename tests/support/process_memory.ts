/**
 * The memory of a process, as the kernel counts it.
 *
 * @module
 */

import { ktopCommand } from "./ktop.ts";

/** Peak resident set of a process, MB. */
export function peakMb(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]) / 1000;
}

/** How a ktop ended, and the memory that it took. */
export interface MeasuredRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The highest VmHWM (proc_pid_status(5)), bytes. */
  readonly peak: number;
}

/** Runs ktop, and reads its memory until it ends. */
export async function runMeasured(args: readonly string[]): Promise<MeasuredRun> {
  const child = ktopCommand([...args]).spawn();
  let peak = 0;
  let ended = false;
  const output = child.output().finally(() => ended = true);
  while (!ended) {
    try {
      const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
      peak = Math.max(peak, 1024 * Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended.
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const { code, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), peak };
}
