/**
 * What the tools that count reads and writes report for io.c, uring.c, deep.c and many_files.c.
 *
 * @module
 */

/** Sums of the columns of filetop and dirtop. */
export interface IoSums {
  readonly reads: number;
  readonly writes: number;
  readonly read_bytes: number;
  readonly write_bytes: number;
}

/** Calls and bytes for each file of io.c. */
export const files = {
  "rw.dat": {
    reads: 503 + 211,
    writes: 1009 + 307,
    read_bytes: 503 * 4096 + 211 * 100,
    write_bytes: 1009 * 4096 + 307 * 100,
  },
  "vectored.dat": {
    reads: 67 + 73,
    writes: 71 + 79,
    read_bytes: (67 + 73) * 100,
    write_bytes: (71 + 79) * 100,
  },
  "from.dat": { reads: 53, writes: 0, read_bytes: 53 * 4096, write_bytes: 0 },
  "to.dat": { reads: 0, writes: 53, read_bytes: 0, write_bytes: 53 * 4096 },
} as const satisfies Record<string, IoSums>;

const sumOf = (key: keyof IoSums): number => Object.values(files).reduce((sum, file) => sum + file[key], 0);

/** Calls and bytes of all files of io.c. */
export const allFiles: IoSums = {
  reads: sumOf("reads"),
  writes: sumOf("writes"),
  read_bytes: sumOf("read_bytes"),
  write_bytes: sumOf("write_bytes"),
};

/** Calls and bytes of "uring.dat", the file of uring.c. */
export const uring: IoSums = { reads: 61, writes: 59, read_bytes: 61 * 512, write_bytes: 59 * 512 };

/** Files of many_files.c, each written once: more than filetop's map holds. */
export const MANY_FILES = 20_011;

/** Reads of steady_reads.c, of the file "steady.dat". */
export const STEADY_READS = 1_000_003;

/** Writes of deep.c to a file 61 levels below its directory, which are counted, and to one 601 levels below, which are lost. */
export const deep = { near: 103, far: 59 } as const;
