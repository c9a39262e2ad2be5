/**
 * filetop against io.c, uring.c and many_files.c.
 *
 * @module
 */
import * as io from "../../workloads/io.ts";
import type { Case, Check } from "../case.ts";
import { all, allAccounted, keysLost, nothingLost, sums } from "../checks.ts";
import { fullPathCases } from "./full_paths.ts";
import { workloadCase } from "./workload_case.ts";

/** The sums of each file of io.c, and no other reads and writes. */
export const ioCheck: Check = all(
  ...Object.entries(io.files).map(([file, expected]) =>
    sums({ ...expected }, { file, type: "R", comm: "io" })
  ),
  sums({ ...io.allFiles }),
  nothingLost,
);

export const filetopCases: readonly Case[] = [
  workloadCase({
    name: "plain, vectored and spliced I/O is counted exactly by file",
    tool: "filetop",
    workload: ["io"],
    check: ioCheck,
  }),
  workloadCase({
    name: "io_uring reads and writes are counted exactly",
    tool: "filetop",
    workload: ["uring"],
    cells: ["default"],
    // The io_uring_complete tracepoint of 5.10 has no request: the file is unknown.
    kernels: ["6.1", "6.12", "7.2", "native"],
    check: all(sums({ ...io.uring }, { file: "uring.dat" }), nothingLost),
  }),
  workloadCase({
    name: "-d counts deep files, and those too deep to follow as lost",
    tool: "filetop",
    workload: ["deep"],
    options: ["-d", "/tmp"],
    check: all(
      sums({ writes: io.deep.near }),
      sums({ writes: io.deep.near }, { file: "near" }),
      keysLost(io.deep.far),
    ),
  }),
  workloadCase({
    name: "each of a million reads is counted, also those made while counters are read",
    tool: "filetop",
    workload: ["steady_reads"],
    kernels: ["5.10", "7.2", "native"],
    check: all(sums({ reads: io.STEADY_READS }, { file: "steady.dat" }), nothingLost),
  }),
  workloadCase({
    name: "when the map is full, received and lost add up to the files written",
    tool: "filetop",
    workload: ["many_files"],
    cells: ["default"],
    undrained: true,
    check: allAccounted("writes", "keys", io.MANY_FILES),
  }),
  ...fullPathCases("filetop"),
];
