// Made by scripts/gen-layouts from bpf/runqslower/runqslower.h; do not edit.

/** struct runqslower_event */
export const RunqslowerEvent = {
  /** Bytes. */
  size: 72,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    lat_ns: 8, // __u64
    tid: 16, // __u32
    pid: 20, // __u32
    prev_tid: 24, // __u32
    prev_pid: 28, // __u32
    cpu: 32, // __u32
    comm: 36, // char[16]
    prev_comm: 52, // char[16]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
    prev_comm: 16,
  },
} as const;

/** struct runqslower_hist */
export const RunqslowerHist = {
  /** Bytes. */
  size: 256,
  /** Of each member, in bytes. */
  offset: {
    slots: 0, // __u64[32]
  },
  /** Elements of the members that are arrays. */
  length: {
    slots: 32,
  },
} as const;
