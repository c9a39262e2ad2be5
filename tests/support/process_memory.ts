/**
 * The memory of a process, as the kernel counts it.
 *
 * @module
 */

/** Peak resident set of a process, MB. */
export function peakMb(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]) / 1000;
}
