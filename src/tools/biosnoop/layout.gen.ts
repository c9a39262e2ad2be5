// Made by scripts/gen-layouts from bpf/biosnoop/biosnoop.h; do not edit.

/** struct biosnoop_event */
export const BiosnoopEvent = {
  /** Bytes. */
  size: 72,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    lat_ns: 8, // __u64
    queue_ns: 16, // __u64
    sector: 24, // __u64
    bytes: 32, // __u32
    flags: 36, // __u32
    dev: 40, // __u32
    tid: 44, // __u32
    pid: 48, // __u32
    comm: 52, // char[16]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
  },
} as const;
