/**
 * dirtop: the reads and writes of `tests/workloads/io.c`, which all lie below two of the directories and not below the third.
 *
 * @module
 */
import type { Case } from "../case.ts";
import { all, nothingLost, sums } from "../checks.ts";
import { counting } from "./counting.ts";
import { ioFiles } from "./filetop.ts";

const total = (key: "reads" | "writes" | "read_bytes" | "write_bytes"): number =>
  Object.values(ioFiles).reduce((sum, file) => sum + file[key], 0);

const ioSums = {
  reads: total("reads"),
  writes: total("writes"),
  read_bytes: total("read_bytes"),
  write_bytes: total("write_bytes"),
};

export const dirtopCases: readonly Case[] = [
  counting({
    name: "I/O counts for each directory it lies below, exactly",
    tool: "dirtop",
    workload: ["io"],
    options: ["-d", "/tmp,/,/etc"],
    check: all(
      sums(ioSums, { path: "/tmp" }),
      sums(ioSums, { path: "/" }),
      sums({ reads: 0, writes: 0 }, { path: "/etc" }),
      nothingLost,
    ),
  }),
];
