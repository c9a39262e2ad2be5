// Made by scripts/gen-layouts from bpf/dcsnoop/dcsnoop.h; do not edit.

/** struct dcsnoop_event */
export const DcsnoopEvent = {
  /** Bytes. */
  size: 296,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    pid: 8, // __u32
    tid: 12, // __u32
    missed: 16, // __u32
    unused: 20, // __u32
    comm: 24, // char[16]
    file: 40, // char[256]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
    file: 256,
  },
} as const;
