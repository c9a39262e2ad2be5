// Made by scripts/gen-layouts from bpf/readpath/readpath.h; do not edit.

/** struct readpath_counts */
export const ReadpathCounts = {
  /** Bytes. */
  size: 16,
  /** Of each member, in bytes. */
  offset: {
    calls: 0, // __u64
    time_ns: 8, // __u64
  },
  /** Elements of the members that are arrays. */
  length: {},
} as const;

/** struct readpath_stack */
export const ReadpathStack = {
  /** Bytes. */
  size: 16,
  /** Of each member, in bytes. */
  offset: {
    calls: 0, // __u64
    self_ns: 8, // __u64
  },
  /** Elements of the members that are arrays. */
  length: {},
} as const;

/** struct readpath_stack_key */
export const ReadpathStackKey = {
  /** Bytes. */
  size: 8,
  /** Of each member, in bytes. */
  offset: {
    function: 0, // __u32
    stack: 4, // __s32
  },
  /** Elements of the members that are arrays. */
  length: {},
} as const;
