/**
 * What fileslower, fsslower and fsdist report for slow.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** Reads and writes by file and letter: all that fileslower reports. */
export const readsAndWrites: Counts = {
  "big.dat R": 5,
  "big.dat W": 7,
  "small.dat R": 211 + 61 + 31,
  "small.dat W": 307 + 67 + 37 + 1,
  "sync.dat W": 17,
};

/**
 * All operations by file and letter, as fsslower reports them on a tier: fentry and kprobe also report the fsync within each write
 * to a file opened with O_SYNC.
 */
export function operations(tier: string): Counts {
  return {
    ...readsAndWrites,
    "small.dat O": 109,
    "small.dat S": 13 + 11,
    ...(tier === "tracepoint" ? {} : { "sync.dat S": 17 }),
  };
}

/** Operations by kind, as fsdist counts them on a tier. */
export function operationKinds(tier: string): Counts {
  const counts = { read: 0, write: 0, open: 0, fsync: 0 };
  const kinds = { R: "read", W: "write", O: "open", S: "fsync" } as const;
  for (const [name, count] of Object.entries(operations(tier))) {
    counts[kinds[name.at(-1) as keyof typeof kinds]] += count;
  }
  return counts;
}

/** Reads and writes of big.dat, each longer than a millisecond. */
export const BIG = 5 + 7;

/** Successful reads and writes of small.dat, and their bytes. */
export const SMALL = 211 + 61 + 31 + 307 + 67 + 37;
export const SMALL_BYTES = SMALL * 100;

/** 0 + 1 + … + (count - 1). */
const sumBelow = (count: number): number => count * (count - 1) / 2;

/**
 * Sums of the offsets of reads and writes of small.dat. read(2) and write(2) start at multiples of 100, pread(2) and pwrite(2) at
 * 0, 1, 2…; readv(2) continues at 21,100, writev(2) at 30,700, and the write that fails comes after all reads.
 */
export const offsets = {
  R: 100 * sumBelow(211) + sumBelow(61) + 31 * 21_100 + 100 * sumBelow(31),
  W: 100 * sumBelow(307) + sumBelow(67) + 37 * 30_700 + 100 * sumBelow(37) + (211 + 31) * 100,
};

/** The word before the time that the workload measured around all calls of a kind, nanoseconds. */
export const measuredWords = { R: "read_ns", W: "write_ns", O: "open_ns", S: "fsync_ns" };

/** File and letter of a row; `column` has the letter. */
export const fileAndLetter = (column: "direction" | "operation") => (row: Row): string =>
  `${row.file} ${row[column]}`;
