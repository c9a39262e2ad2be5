/**
 * statsnoop beside stats.c.
 *
 * @module
 */
import * as stats from "../../workloads/stats.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, rowCounts } from "../checks.ts";
import { counting } from "./counting.ts";

export const statsnoopCases: readonly Case[] = [
  counting({
    name: "each call of the stat family is reported with its path and result",
    tool: "statsnoop",
    workload: ["stats"],
    check: all(rowCounts(stats.calls, stats.callPathAndError), nothingLost),
  }),
  counting({
    name: "-x reports only failed calls",
    tool: "statsnoop",
    options: ["-x"],
    workload: ["stats"],
    check: all(rowCounts(stats.failedCalls, stats.callPathAndError), nothingLost),
  }),
];
