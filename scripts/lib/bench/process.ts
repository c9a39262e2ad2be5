/**
 * What the kernel counts for a process.
 *
 * @module
 */

/** CPU time of all threads of a process, ms (Documentation/scheduler/sched-stats.rst). */
export function cpuMs(pid: number): number {
  let ns = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    ns += Number(Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`).split(" ")[0]);
  }
  return ns / 1e6;
}
