// Made by scripts/gen-layouts from bpf/fsslower/fsslower.h; do not edit.

/** struct fsslower_event */
export const FsslowerEvent = {
  /** Bytes. */
  size: 328,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    lat_ns: 8, // __u64
    ret: 16, // __s64
    offset: 24, // __s64
    inode: 32, // __u64
    dev: 40, // __u32
    tid: 44, // __u32
    pid: 48, // __u32
    operation: 52, // __u32
    comm: 56, // char[16]
    file: 72, // char[256]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
    file: 256,
  },
} as const;
