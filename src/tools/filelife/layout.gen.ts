// Made by scripts/gen-layouts from bpf/filelife/filelife.h; do not edit.

/** struct filelife_event */
export const FilelifeEvent = {
  /** Bytes. */
  size: 296,
  /** Of each member, in bytes. */
  offset: {
    time_ns: 0, // __u64
    age_ns: 8, // __u64
    pid: 16, // __u32
    tid: 20, // __u32
    comm: 24, // char[16]
    file: 40, // char[256]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
    file: 256,
  },
} as const;
