// Made by scripts/gen-layouts from bpf/runqlat/runqlat.h; do not edit.

/** struct runqlat_hist */
export const RunqlatHist = {
  /** Bytes. */
  size: 256,
  /** Of each member, in bytes. */
  offset: {
    slots: 0, // __u64[32]
  },
  /** Elements of the members that are arrays. */
  length: {
    slots: 32,
  },
} as const;

/** struct runqlat_process */
export const RunqlatProcess = {
  /** Bytes. */
  size: 272,
  /** Of each member, in bytes. */
  offset: {
    slots: 0, // __u64[32]
    comm: 256, // char[16]
  },
  /** Elements of the members that are arrays. */
  length: {
    slots: 32,
    comm: 16,
  },
} as const;
