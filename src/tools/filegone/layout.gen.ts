// Made by scripts/gen-layouts from bpf/filegone/filegone.h; do not edit.

/** struct filegone_event */
export const FilegoneEvent = {
  /** Bytes. */
  size: 40,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    pid: 8, // __u32
    tid: 12, // __u32
    action: 16, // __u32
    unused: 20, // __u32
    comm: 24, // char[16]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
  },
} as const;
