// Made by scripts/gen-layouts from bpf/execsnoop/execsnoop.h; do not edit.

/** struct execsnoop_event */
export const ExecsnoopEvent = {
  /** Bytes. */
  size: 64,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    unreadable: 8, // __u64
    pid: 16, // __u32
    tid: 20, // __u32
    ppid: 24, // __u32
    uid: 28, // __u32
    ret: 32, // __s32
    arguments: 36, // __u16
    path_known: 38, // __u8
    more: 39, // __u8
    interpreted: 40, // __u8
    comm: 41, // char[16]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
  },
} as const;
