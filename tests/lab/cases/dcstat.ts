/**
 * dcstat: path lookups whose way through fs/namei.c and fs/dcache.c is known (`tests/workloads/lookups.c`), seen by the classic
 * counters and by the accurate ones.
 *
 * @module
 */
import type { Case, Context } from "../case.ts";
import { all, nothingLost, type Sums, sums } from "../checks.ts";
import { counting } from "./counting.ts";

// lookup_fast finds the dentry in RCU-walk: nothing else is asked.
const hits = 211;
// lookup_fast misses in RCU-walk; lookup_slow → d_alloc_parallel asks __d_lookup_rcu again before it asks the file
// system. The classic counters see no miss: d_lookup is not called.
const absent = 223;
// filename_create walks to the parent only; the last component is asked for with d_lookup → __d_lookup, and missed.
const mkdir = 109;
// do_rmdir likewise, and finds it.
const rmdir = 67;
// lookup_fast misses in RCU-walk; lookup_open asks d_lookup, which misses too; then d_alloc_parallel as above.
const opens = 59;
// lookup_open only; with O_CREAT but not O_EXCL this is so until 6.11, and since 6.12 lookup_fast is asked first.
const makes = 37;
const creates = 31;

function expected({ kernel }: Context): Sums {
  const fast = opens + (["5.10", "6.1"].includes(kernel) ? 0 : creates);
  const open = opens + makes + creates;
  return {
    refs: hits + absent + fast,
    slow: mkdir + rmdir + open,
    miss: mkdir + open,
    rcu_refs: hits + 2 * absent + fast + open,
    rcu_miss: 2 * absent + fast + open,
    ref_refs: mkdir + rmdir + open,
    ref_miss: mkdir + open,
  };
}

export const dcstatCases: readonly Case[] = [
  counting({
    name: "known lookups are counted exactly, by classic and by accurate counters",
    tool: "dcstat",
    workload: ["lookups"],
    options: ["--walks"],
    check: all(sums(expected), nothingLost),
  }),
];
