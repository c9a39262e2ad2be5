// Made by scripts/gen-layouts from bpf/mountsnoop/mountsnoop.h; do not edit.

/** struct mountsnoop_attr */
export const MountsnoopAttr = {
  /** Bytes. */
  size: 32,
  /** Of each member, in bytes. */
  offset: {
    set: 0, // __u64
    clear: 8, // __u64
    propagation: 16, // __u64
    userns_fd: 24, // __u64
  },
  /** Elements of the members that are arrays. */
  length: {},
} as const;

/** struct mountsnoop_event */
export const MountsnoopEvent = {
  /** Bytes. */
  size: 120,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    arguments: 8, // __u64[5]
    attr: 48, // struct mountsnoop_attr
    pid: 80, // __u32
    tid: 84, // __u32
    ppid: 88, // __u32
    mnt_ns: 92, // __u32
    ret: 96, // __s32
    call: 100, // __u8
    strings: 101, // __u8
    cut: 102, // __u8
    attr_known: 103, // __u8
    comm: 104, // char[16]
  },
  /** Elements of the members that are arrays. */
  length: {
    arguments: 5,
    comm: 16,
  },
} as const;
