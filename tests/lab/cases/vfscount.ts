/**
 * vfscount beside calls.c.
 *
 * @module
 */
import { functions } from "../../workloads/calls.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, sums } from "../checks.ts";
import { counting } from "./counting.ts";

export const vfscountCases: readonly Case[] = [
  counting({
    name: "calls are counted exactly by function",
    tool: "vfscount",
    workload: ["calls"],
    check: all(
      ...Object.entries(functions).map(([func, count]) => sums({ count }, { func })),
      nothingLost,
    ),
  }),
];
