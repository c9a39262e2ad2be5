// Made by scripts/gen-layouts from bpf/biolatency/biolatency.h; do not edit.

/** struct biolatency_hist */
export const BiolatencyHist = {
  /** Bytes. */
  size: 264,
  /** Of each member, in bytes. */
  offset: {
    slots: 0, // __u64[32]
    sum_ns: 256, // __u64
  },
  /** Elements of the members that are arrays. */
  length: {
    slots: 32,
  },
} as const;

/** struct biolatency_key */
export const BiolatencyKey = {
  /** Bytes. */
  size: 8,
  /** Of each member, in bytes. */
  offset: {
    dev: 0, // __u32
    flags: 4, // __u32
  },
  /** Elements of the members that are arrays. */
  length: {},
} as const;
