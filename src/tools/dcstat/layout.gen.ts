// Made by scripts/gen-layouts from bpf/dcstat/dcstat.h; do not edit.

/** struct dcstat_counts */
export const DcstatCounts = {
  /** Bytes. */
  size: 56,
  /** Of each member, in bytes. */
  offset: {
    refs: 0, // __u64
    slow: 8, // __u64
    miss: 16, // __u64
    rcu_refs: 24, // __u64
    rcu_miss: 32, // __u64
    ref_refs: 40, // __u64
    ref_miss: 48, // __u64
  },
  /** Elements of the members that are arrays. */
  length: {},
} as const;
