/**
 * dcstat against lookups.c, by the classic and by the accurate counters.
 *
 * @module
 */
import { dcstatSums } from "../../workloads/lookups.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, sums } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

export const dcstatCases: readonly Case[] = [
  workloadCase({
    name: "lookups are counted exactly, by the classic and by the accurate counters",
    tool: "dcstat",
    workload: ["lookups"],
    options: ["--walks"],
    check: all(sums(({ version }) => dcstatSums(!["5.10", "6.1"].includes(version))), nothingLost),
  }),
];
