/**
 * execsnoop against execs.c.
 *
 * @module
 */
import * as execs from "../../workloads/execs.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, rowCounts } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

export const execsnoopCases: readonly Case[] = [
  workloadCase({
    name: "each successful execve and execveat is reported with its arguments",
    tool: "execsnoop",
    workload: ["execs"],
    check: all(rowCounts(execs.successfulCalls(), execs.resultAndArguments), nothingLost),
  }),
  workloadCase({
    name: "-x also reports failed calls",
    tool: "execsnoop",
    options: ["-x"],
    workload: ["execs"],
    check: all(
      rowCounts({ ...execs.successfulCalls(), ...execs.failedCalls }, execs.resultAndArguments),
      nothingLost,
    ),
  }),
];
