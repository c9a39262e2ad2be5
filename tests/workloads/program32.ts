/**
 * What tools report for program32.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** DIR is the workload's directory. */
const path = (row: Row): string => String(row.path).replace(/^\/tmp\/ktop-lab-program32-\d+/, "DIR");

/** opensnoop: opens by path, errno, flags and mode. */
export const opens: Counts = {
  "file 0 00000000 null": 11 + 7,
  "file 0 00000002 null": 3,
  "file 0 00001101 0600": 5,
  "DIR/file 0 00000002 null": 2,
  "absent 2 00000000 null": 13,
};

/** A row's key in {@linkcode opens}. */
export const pathErrnoFlagsMode = (row: Row): string => `${path(row)} ${row.err} ${row.flags} ${row.mode}`;

/** statsnoop: calls by system call, path and errno. */
export const stats: Counts = {
  "stat file 0": 17,
  "lstat file 0": 19,
  "fstat DIR/file 0": 23,
  "newfstatat file 0": 29,
  "statx file 0": 31,
  "statfs file 0": 37,
  "fstatfs DIR/file 0": 41,
  "stat absent 2": 43 + 59,
  "lstat absent 2": 47 + 61,
  "statfs /proc 0": 71,
  "fstatfs /proc 0": 73,
  "fstat null 9": 53 + 67,
};

/** A row's key in {@linkcode stats}. */
export const syscallPathErrno = (row: Row): string => `${row.syscall} ${path(row)} ${row.err}`;

/** filetop, vfsstat and readpath: reads and writes. */
export const reads = 79 + 107;
export const writes = 83 + 109;

/** fsslower: reads and writes of "far" by operation and position in bytes. */
export const farCalls: Counts = { "R 6442450944": 107, "W 6442450944": 109 };

/** A row's key in {@linkcode farCalls}; null: another file. */
export const operationPosition = ({ file, operation, offset_bytes }: Row): string | null =>
  file === "far" && operation !== "O" ? `${operation} ${offset_bytes}` : null;

/** vfsstat: calls by kind, without opens. */
export const kinds: Readonly<Record<string, number>> = {
  read: reads,
  write: writes,
  fsync: 101 + 103,
  create: 7 + 5,
  unlink: 7 + 5,
  mkdir: 3 + 2,
  rmdir: 3 + 2,
};

/** The row of readpath that counts all reads. */
export const isAllReads = ({ func }: Row): boolean => func === "read" || func === "vfs_read";

/** mountsnoop: calls and results. */
export const mounts: Counts = {
  'umount("absent", 0x0) = -ENOENT': 2,
  'umount("absent", MNT_DETACH) = -ENOENT': 5,
  'mount("none", "absent", "tmpfs", MS_RDONLY, "size=4k") = -ENOENT': 3,
  'fsopen("nothing", 0x0) = -ENODEV': 7,
};

/** execsnoop: calls that succeed, by result and arguments. */
export const successfulExecs: Counts = {
  "0 /proc/self/exe 1": 1,
  "0 /proc/self/exe 2": 1,
  "0 /proc/self/exe 3": 1,
  "0 /proc/self/exe 4": 1,
  "0 /proc/self/exe 5": 1,
};

/** execsnoop -x: these and the calls that fail. */
export const execs: Counts = { ...successfulExecs, "-2 absent x y": 3 + 2 };

/** A row's key in {@linkcode execs}. */
export const resultAndArguments = ({ ret, args }: Row): string => `${ret} ${args}`;
