/**
 * filetop: reads and writes of one thread on known files, by every way data can move, and a map that overflows.
 *
 * @module
 */
import type { Case, Check } from "../case.ts";
import { all, conserved, nothingLost, sums } from "../checks.ts";
import { counting } from "./counting.ts";

/** What `io` does to each of its files. */
export const ioFiles = {
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
};

/** The check of `io`: every file's sums, and nothing beside these files. */
export const ioCheck: Check = all(
  ...Object.entries(ioFiles).map(([file, expected]) => sums(expected, { file, type: "R", comm: "io" })),
  sums({
    reads: Object.values(ioFiles).reduce((total, { reads }) => total + reads, 0),
    writes: Object.values(ioFiles).reduce((total, { writes }) => total + writes, 0),
  }),
  nothingLost,
);

export const filetopCases: readonly Case[] = [
  counting({
    name: "plain, vectored and sendfile I/O is counted exactly by file",
    tool: "filetop",
    workload: ["io"],
    check: ioCheck,
  }),
  counting({
    name: "io_uring reads and writes are counted exactly",
    tool: "filetop",
    workload: ["uring"],
    cells: ["default"],
    // 5.10's io_uring_complete tracepoint carries no request: the file cannot be known.
    kernels: ["6.1", "6.12", "7.2", "native"],
    check: all(
      sums({ reads: 61, writes: 59, read_bytes: 61 * 512, write_bytes: 59 * 512 }, { file: "uring.dat" }),
      nothingLost,
    ),
  }),
  counting({
    name: "a full map loses no count: received and lost are what was made",
    tool: "filetop",
    workload: ["many_files"],
    cells: ["default"],
    // Long enough for all 20011 files to fall into one interval or two: only then the map overflows.
    interval: 5,
    check: conserved("writes", "keys", 20011),
  }),
];
