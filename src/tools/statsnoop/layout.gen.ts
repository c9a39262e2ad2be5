// Made by scripts/gen-layouts from bpf/statsnoop/statsnoop.h; do not edit.

/** struct statsnoop_event */
export const StatsnoopEvent = {
  /** Bytes. */
  size: 48,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    pid: 8, // __u32
    tid: 12, // __u32
    ret: 16, // __s32
    dirfd: 20, // __s32
    call: 24, // __u8
    walked: 25, // __u8
    comm: 26, // char[16]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
  },
} as const;
