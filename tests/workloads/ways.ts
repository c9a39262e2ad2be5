/**
 * What the file tools report for ways.c: each way to read and write a file, and on which tiers each tool counts it.
 *
 * @module
 */
import type { TierName } from "../../src/model/mod.ts";

/** Tools by how they observe reads and writes. */
export const GROUPS = {
  "filetop, dirtop": ["filetop", "dirtop"],
  "fileslower": ["fileslower"],
  "fsslower, fsdist": ["fsslower", "fsdist"],
  "vfsstat READ, WRITE": ["vfsstat"],
} as const;

/** A column of the table. */
export type Group = keyof typeof GROUPS;

/** On which tiers a way is counted: all, fentry and kprobe, on these only the writes (before 6.5 the reads too), or none. */
export type Seen = "all" | "upper" | "upper writes" | "none";

/** One way to read and write. */
export interface Way {
  /** As the table names it. */
  readonly way: string;
  /** Reads and writes of ways.c by file; absent if the way cannot run in a test. */
  readonly files?: Readonly<Record<string, readonly [reads: number, writes: number]>>;
  readonly seen: Readonly<Record<Group, Seen>>;
  /** Words in the caveats of each tool and tier that does not count it; absent if it is not a read or write. */
  readonly caveat?: string;
  /** Which kernels or file systems differ. */
  readonly note?: string;
}

/** `seen` in the order of {@linkcode GROUPS}. */
function seen(...values: readonly [Seen, Seen, Seen, Seen]): Record<Group, Seen> {
  return Object.fromEntries(Object.keys(GROUPS).map((group, i) => [group, values[i]])) as Record<Group, Seen>;
}

/** The ways, in the order of ways.c, then those that run in the kernel itself. */
export const WAYS: readonly Way[] = [
  { way: "read, write", files: { plain: [11, 13] }, seen: seen("all", "all", "all", "all") },
  { way: "pread64, pwrite64", files: { positioned: [17, 19] }, seen: seen("all", "all", "all", "all") },
  {
    way: "readv, writev",
    files: { vector: [23, 29] },
    seen: seen("all", "all", "all", "none"),
    caveat: "vectored",
  },
  {
    way: "preadv, pwritev",
    files: { vector_positioned: [31, 37] },
    seen: seen("all", "all", "all", "none"),
    caveat: "vectored",
  },
  {
    way: "preadv2, pwritev2, with any flags",
    files: { vector_flags: [41, 43] },
    seen: seen("all", "all", "all", "none"),
    caveat: "vectored",
  },
  {
    way: "sendfile",
    files: { sendfile_from: [47, 0], sendfile_to: [0, 47] },
    seen: seen("all", "none", "upper writes", "none"),
    caveat: "sendfile",
    note: "before 6.5 fsslower and fsdist count the reads, too",
  },
  {
    way: "splice from and to a file",
    files: { splice_from: [53, 0], splice_to: [0, 59] },
    seen: seen("all", "none", "upper writes", "none"),
    caveat: "splice",
    note: "as sendfile",
  },
  {
    way: "copy_file_range",
    files: { copy_from: [61, 0], copy_to: [0, 61] },
    seen: seen("all", "none", "upper writes", "none"),
    caveat: "copy_file_range",
    note:
      "where the kernel copies by splicing; a copy by the file system itself (reflink, NFS) only on the tracepoint tier",
  },
  {
    way: "Linux AIO: PREAD, PWRITE",
    files: { aio: [67, 71] },
    seen: seen("upper", "upper", "upper", "none"),
    caveat: "Linux AIO",
    note: "fsslower and fsdist time direct I/O until it is queued",
  },
  {
    way: "Linux AIO: PREADV, PWRITEV",
    files: { aio_vector: [73, 79] },
    seen: seen("upper", "upper", "upper", "none"),
    caveat: "Linux AIO",
  },
  {
    way: "Linux AIO with O_DIRECT",
    files: { aio_direct: [7, 5] },
    seen: seen("upper", "upper", "upper", "none"),
    caveat: "Linux AIO",
  },
  {
    way: "io_uring: READ, WRITE",
    files: { uring: [83, 89] },
    seen: seen("all", "none", "upper", "none"),
    caveat: "io_uring",
    note: "before 6.0 filetop and dirtop do not count it; fsslower and fsdist count each attempt",
  },
  {
    way: "io_uring: READV, WRITEV",
    files: { uring_vector: [97, 101] },
    seen: seen("all", "none", "upper", "none"),
    caveat: "io_uring",
    note: "as above",
  },
  {
    way: "io_uring: READ_FIXED, WRITE_FIXED",
    files: { uring_fixed: [103, 107] },
    seen: seen("all", "none", "upper", "none"),
    caveat: "io_uring",
    note: "as above",
  },
  {
    way: "io_uring: SPLICE",
    files: { uring_splice: [109, 0] },
    seen: seen("upper", "none", "upper writes", "none"),
    caveat: "io_uring",
  },
  {
    way: "write to an O_TMPFILE file, which linkat names",
    files: { "#tmpfile": [0, 113] },
    seen: seen("all", "all", "all", "all"),
    note: "filetop shows it as # and its inode number",
  },
  {
    way: "write and pread64 on a memfd",
    files: { "memfd:ways": [131, 127] },
    seen: seen("all", "all", "none", "all"),
    note: "in no directory: not for dirtop; on tmpfs",
  },
  {
    way: "pread64 of a file opened by open_by_handle_at",
    files: { handle: [137, 0] },
    seen: seen("all", "all", "all", "all"),
  },
  {
    way: "read, write, pread64, pwrite64 by a 32-bit program",
    files: { compat: [157, 163], compat_positioned: [197, 199] },
    seen: seen("all", "all", "all", "all"),
  },
  {
    way: "readv, preadv, preadv2, writev, pwritev, pwritev2 by a 32-bit program",
    files: { compat_vector: [211 + 223 + 227 + 239, 223 + 227 + 229 + 233] },
    seen: seen("all", "all", "all", "none"),
    caveat: "vectored",
  },
  {
    way: "sendfile, sendfile64, splice, copy_file_range by a 32-bit program",
    files: { compat_from: [241 + 251 + 173 + 181, 0], compat_to: [0, 241 + 251 + 173 + 181] },
    seen: seen("all", "none", "upper writes", "none"),
    caveat: "sendfile",
    note: "as by a 64-bit program",
  },
  {
    way: "loads and stores through mmap, msync",
    files: { mapped: [0, 0] },
    seen: seen("none", "none", "none", "none"),
    caveat: "memory-mapped files",
  },
  {
    way: "fallocate, with any mode",
    files: { punched: [0, 0] },
    seen: seen("none", "none", "none", "none"),
    note: "moves no data",
  },
  {
    way: "ftruncate",
    files: { truncated: [0, 0] },
    seen: seen("none", "none", "none", "none"),
    note: "moves no data",
  },
  {
    way: "vmsplice, tee",
    seen: seen("none", "none", "none", "none"),
    note: "between pipes and memory: no file",
  },
  {
    way: "mq_send, mq_receive",
    files: { "ktop-ways": [0, 0] },
    seen: seen("none", "none", "none", "none"),
    note: "a queue in memory: no file",
  },
  {
    way: "the kernel's own I/O: exec, core dumps, swap, loop devices, nfsd",
    seen: seen("none", "none", "none", "none"),
    caveat: "the kernel's own I/O",
    note:
      "filetop and dirtop count the reads that nfsd splices on the upper tiers; fsslower and fsdist count what reaches the " +
      "file system's functions",
  },
];

/** Reads and writes of ways.c on pipes: what it splices, and their other ends. */
const PIPES = [53 + 109, 59] as const;

/** What this kernel and file system can do, as ways.c prints it. */
export interface Abilities {
  /** 32-bit system calls: 0 or 1. */
  readonly compat: number;
  /** Direct I/O: 0 or 1. */
  readonly direct: number;
  /** The kernel's version. */
  readonly major: number;
  readonly minor: number;
}

/** Whether the tools of the group count the reads of a way on this tier, and whether they count its writes. */
function seenOn(
  { seen }: Way,
  group: Group,
  tier: TierName,
  { major, minor }: Abilities,
): readonly [reads: boolean, writes: boolean] {
  const upper = tier !== "tracepoint";
  if (seen[group] === "upper writes") return [upper && (major < 6 || (major === 6 && minor < 5)), upper];
  const counted = seen[group] === "all" || (seen[group] === "upper" && upper);
  return [counted, counted];
}

/** Reads and writes by file that a tool of the group reports on this tier; files without any are absent. */
export function expectedFiles(
  group: Group,
  tier: TierName,
  abilities: Abilities,
): Record<string, readonly [number, number]> {
  const { compat, direct } = abilities;
  const able = (file: string): boolean =>
    (!file.startsWith("compat") || compat === 1) && (file !== "aio_direct" || direct === 1);
  return Object.fromEntries(WAYS.flatMap((way) => {
    const [countsReads, countsWrites] = seenOn(way, group, tier, abilities);
    return Object.entries(way.files ?? {}).flatMap(([file, [reads, writes]]) => {
      const counts = [countsReads ? reads : 0, countsWrites ? writes : 0] as const;
      return able(file) && counts[0] + counts[1] > 0 ? [[file, counts] as const] : [];
    });
  }));
}

/** The name in this data of a file that a tool reports. */
export const fileName = (file: unknown): string => String(file).replace(/^#\d+$/, "#tmpfile");

/** The sum of all reads or writes; `without`: files to leave out. */
export function sumOf(
  files: Readonly<Record<string, readonly [number, number]>>,
  direction: 0 | 1,
  without: readonly string[] = [],
): number {
  return Object.entries(files).reduce(
    (sum, [file, counts]) => without.includes(file) ? sum : sum + counts[direction],
    0,
  );
}

/** READ and WRITE of vfsstat on this tier. What ways.c prints is one write. */
export function vfsstatCounts(tier: TierName, abilities: Abilities): { READ: number; WRITE: number } {
  const files = expectedFiles("vfsstat READ, WRITE", tier, abilities);
  return { READ: sumOf(files, 0) + PIPES[0], WRITE: sumOf(files, 1) + PIPES[1] + 1 };
}
