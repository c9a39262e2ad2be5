// Made by scripts/gen-layouts from bpf/fsdist/fsdist.h; do not edit.

/** struct fsdist_hist */
export const FsdistHist = {
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
