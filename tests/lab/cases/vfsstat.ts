/**
 * vfsstat: calls of each kind, with what must and what must not reach the kernel's vfs_* functions (`tests/workloads/calls.c`).
 *
 * @module
 */
import type { Case } from "../case.ts";
import { all, nothingLost, sums } from "../checks.ts";
import { counting } from "./counting.ts";

/** What `calls` does, as vfsstat counts it. */
export const callsSums = {
  read: 101 + 13 + 3,
  write: 103 + 17,
  fsync: 107 + 19,
  open: 109 + 23 + 113 + 11,
  create: 113 + 11 + 31,
  unlink: 37 + 41,
  mkdir: 47 + 53,
  rmdir: 61 + 2,
};

export const vfsstatCases: readonly Case[] = [
  counting({
    name: "eight kinds of calls are counted exactly",
    tool: "vfsstat",
    workload: ["calls"],
    check: all(sums(callsSums), nothingLost),
  }),
];
