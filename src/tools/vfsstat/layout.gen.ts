// Made by scripts/gen-layouts from bpf/vfsstat/vfsstat.h; do not edit.

/** struct vfsstat_counts */
export const VfsstatCounts = {
  /** Bytes. */
  size: 64,
  /** Of each member, in bytes. */
  offset: {
    read: 0, // __u64
    write: 8, // __u64
    fsync: 16, // __u64
    open: 24, // __u64
    create: 32, // __u64
    unlink: 40, // __u64
    mkdir: 48, // __u64
    rmdir: 56, // __u64
  },
  /** Elements of the members that are arrays. */
  length: {},
} as const;
