// Made by scripts/gen-layouts from bpf/fileslower/fileslower.h; do not edit.

/** struct fileslower_event */
export const FileslowerEvent = {
  /** Bytes. */
  size: 328,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    lat_ns: 8, // __u64
    ret: 16, // __s64
    inode: 24, // __u64
    dev: 32, // __u32
    mode: 36, // __u32
    tid: 40, // __u32
    pid: 44, // __u32
    writes: 48, // __u32
    comm: 52, // char[16]
    file: 68, // char[256]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
    file: 256,
  },
} as const;
