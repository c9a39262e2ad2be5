/**
 * dcstat: path lookups whose way through fs/namei.c and fs/dcache.c is known (`../workloads/lookups.c`), seen by the classic
 * counters and by the accurate ones.
 *
 * @module
 */
import type { Case } from "../case.ts";
import { all, nothingLost, sums } from "../checks.ts";
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

export const dcstatCases: readonly Case[] = [
  counting({
    name: "known lookups are counted exactly, by classic and by accurate counters",
    tool: "dcstat",
    workload: ["lookups"],
    options: ["--walks"],
    check: all(
      sums({
        refs: hits + absent,
        slow: mkdir + rmdir,
        miss: mkdir,
        rcu_refs: hits + 2 * absent,
        rcu_miss: 2 * absent,
        ref_refs: mkdir + rmdir,
        ref_miss: mkdir,
      }),
      nothingLost,
    ),
  }),
];
