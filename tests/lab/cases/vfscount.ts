/**
 * vfscount: the functions that the calls of `tests/workloads/calls.c` go through, by name.
 *
 * @module
 */
import type { Case, Check } from "../case.ts";
import { all, nothingLost, sums } from "../checks.ts";
import { counting } from "./counting.ts";
import { callsSums } from "./vfsstat.ts";

const calls = (func: string, count: number): Check => sums({ count }, { func });

export const vfscountCases: readonly Case[] = [
  counting({
    name: "calls are counted exactly by function",
    tool: "vfscount",
    workload: ["calls"],
    check: all(
      calls("vfs_read", callsSums.read),
      calls("vfs_write", callsSums.write),
      calls("vfs_open", callsSums.open),
      calls("vfs_create", 31),
      calls("vfs_unlink", callsSums.unlink),
      calls("vfs_mkdir", callsSums.mkdir),
      calls("vfs_rename", 67),
      nothingLost,
    ),
  }),
];
