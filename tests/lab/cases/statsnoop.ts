/**
 * statsnoop against stats.c.
 *
 * @module
 */
import * as below from "../../workloads/below.ts";
import * as stats from "../../workloads/stats.ts";
import type { Counts } from "../../support/ticks.ts";
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost, rowCounts } from "../checks.ts";
import { belowCase } from "./below.ts";
import { workloadCase } from "./workload_case.ts";

/** These counts, by the calls that the kernel's architecture has. */
const onMachine = (counts: Counts) => ({ context: { architecture } }: Outcome): Counts =>
  architecture === "aarch64" ? stats.onArm64(counts) : counts;

export const statsnoopCases: readonly Case[] = [
  workloadCase({
    name: "each call of the stat family is reported with its path and result",
    tool: "statsnoop",
    workload: ["stats"],
    check: all(rowCounts(onMachine(stats.calls), stats.syscallPathErrno), nothingLost),
  }),
  workloadCase({
    name: "-x reports only failed calls",
    tool: "statsnoop",
    options: ["-x"],
    workload: ["stats"],
    check: all(rowCounts(onMachine(stats.failedCalls), stats.syscallPathErrno), nothingLost),
  }),
  belowCase({
    name: "-d reports calls on paths and open files below the directory, and no others",
    tool: "statsnoop",
    rows: () => below.stats,
    lost: 2 * below.TOO_DEEP,
  }),
];
