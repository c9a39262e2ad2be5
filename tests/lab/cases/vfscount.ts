/**
 * vfscount against calls.c.
 *
 * @module
 */
import { functions } from "../../workloads/calls.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, sums } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

export const vfscountCases: readonly Case[] = [
  workloadCase({
    name: "calls are counted exactly by function",
    tool: "vfscount",
    workload: ["calls"],
    check: all(
      ...Object.entries(functions).map(([func, count]) => sums({ count }, { func })),
      nothingLost,
    ),
  }),
];
