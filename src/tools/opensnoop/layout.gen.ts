// Made by scripts/gen-layouts from bpf/opensnoop/opensnoop.h; do not edit.

/** struct opensnoop_event */
export const OpensnoopEvent = {
  /** Bytes. */
  size: 56,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    pid: 8, // __u32
    tid: 12, // __u32
    uid: 16, // __u32
    ret: 20, // __s32
    flags: 24, // __u32
    mode: 28, // __u32
    walked: 32, // __u8
    path_known: 33, // __u8
    flags_known: 34, // __u8
    comm: 35, // char[16]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
  },
} as const;
