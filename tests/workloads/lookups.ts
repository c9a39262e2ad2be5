/**
 * What dcstat and dcsnoop report for lookups.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** lookup_fast finds the dentry in RCU-walk; no other function is called. */
const hits = 211;
/**
 * lookup_fast misses in RCU-walk; lookup_slow → d_alloc_parallel calls __d_lookup_rcu again before the file
 * system. The classic counters see no miss: d_lookup is not called.
 */
const absent = 223;
/** The same, of a name that is longer than 255 bytes. */
const long = 1;
/** filename_create walks to the parent only; the last component is looked up with d_lookup → __d_lookup, and missed. */
const mkdir = 109;
/** do_rmdir does the same and finds it. */
const rmdir = 67;
/** lookup_fast misses in RCU-walk; lookup_open calls d_lookup, which misses too; then d_alloc_parallel as above. */
const opens = 59;
/** lookup_open only. */
const makes = 37;
/** With O_CREAT but without O_EXCL: lookup_open only until 6.11; since 6.12 lookup_fast comes first. */
const creates = 31;

/** Sums of dcstat's columns with --walks; `fastCreates`: the kernel is 6.12 or later. */
export function dcstatSums(fastCreates: boolean): Counts {
  const fast = opens + (fastCreates ? creates : 0);
  const open = opens + makes + creates;
  return {
    refs: hits + absent + long + fast,
    slow: mkdir + rmdir + open,
    miss: mkdir + open,
    rcu_refs: hits + 2 * (absent + long) + fast + open,
    rcu_miss: 2 * (absent + long) + fast + open,
    ref_refs: mkdir + rmdir + open,
    ref_miss: mkdir + open,
  };
}

/** Rows of dcsnoop by type and name without its number; a name that the kernel looks up two or three times misses once. */
export const misses: Counts = {
  "M absent": absent,
  "M long": long,
  "M dir": mkdir,
  "M unopened": opens,
  "M made": makes,
  "M created": creates,
};

/** Rows that dcsnoop -a adds. */
export const found: Counts = { "R file": hits, "R dir": rmdir };

/** Type and name of a row, without the name's number; null for names of anything but the workload. */
export function typeAndName({ type, file }: Row): string | null {
  // 255 bytes and the mark of a cut.
  if (file === `${"l".repeat(255)}\\…`) return `${type} long`;
  const name = /^(absent|dir|unopened|made|created)\d+$|^file$|^l+$/.exec(String(file));
  return name && `${type} ${name[1] ?? name[0]}`;
}
