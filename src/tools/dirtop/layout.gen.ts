// Made by scripts/gen-layouts from bpf/dirtop/dirtop.h; do not edit.

/** struct dirtop_counts */
export const DirtopCounts = {
  /** Bytes. */
  size: 32,
  /** Of each member, in bytes. */
  offset: {
    reads: 0, // __u64
    writes: 8, // __u64
    read_bytes: 16, // __u64
    write_bytes: 24, // __u64
  },
  /** Elements of the members that are arrays. */
  length: {},
} as const;
