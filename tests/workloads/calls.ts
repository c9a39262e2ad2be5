/**
 * What vfsstat and vfscount report for calls.c.
 *
 * @module
 */

/** Calls by kind, as vfsstat counts them. */
export const kinds = {
  read: 101 + 13 + 3,
  write: 103 + 17,
  fsync: 107 + 19,
  open: 109 + 23 + 113 + 11,
  create: 113 + 11 + 31,
  unlink: 37 + 41,
  mkdir: 47 + 53,
  rmdir: 61 + 2,
};

/** Calls by kernel function, as vfscount counts them. */
export const functions = {
  vfs_read: kinds.read,
  vfs_write: kinds.write,
  vfs_open: kinds.open,
  vfs_create: 31,
  vfs_unlink: kinds.unlink,
  vfs_mkdir: kinds.mkdir,
  vfs_rename: 67,
};
