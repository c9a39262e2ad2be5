// Made by scripts/gen-layouts from bpf/filetop/filetop.h; do not edit.

/** struct filetop_key */
export const FiletopKey = {
  /** Bytes. */
  size: 16,
  /** Of each member, in bytes. */
  offset: {
    inode: 0, // __u64
    dev: 8, // __u32
    tid: 12, // __u32
  },
  /** Elements of the members that are arrays. */
  length: {},
} as const;

/** struct filetop_value */
export const FiletopValue = {
  /** Bytes. */
  size: 312,
  /** Of each member, in bytes. */
  offset: {
    reads: 0, // __u64
    writes: 8, // __u64
    read_bytes: 16, // __u64
    write_bytes: 24, // __u64
    pid: 32, // __u32
    mode: 36, // __u32
    comm: 40, // char[16]
    file: 56, // char[256]
  },
  /** Elements of the members that are arrays. */
  length: {
    comm: 16,
    file: 256,
  },
} as const;
