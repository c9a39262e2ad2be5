/**
 * execsnoop: a program that executes itself in every way, and fails to (`tests/workloads/execs.c`).
 *
 * @module
 */
import type { Case } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { counting } from "./counting.ts";
import { rowCounts } from "./rows.ts";

/** Executions by result and arguments; the number of the step and the path of the program are replaced. */
const succeeded = {
  "0 EXECS step N": 13,
  "0 /dev/fd/9 step N": 7,
  "0 /dev/fd/8/link step N": 3,
  "0 ./script N one": 2,
  [`0 EXECS step N${" more".repeat(17)} ...`]: 1,
};

const failed = { "-2 absent x y": 11 + 5 };

const byArguments = (row: Readonly<Record<string, unknown>>): string =>
  `${row.ret} ${row.args}`.replace(/ \/\S+\/execs /, " EXECS ").replace(/ \d+(?= |$)/, " N");

export const execsnoopCases: readonly Case[] = [
  counting({
    name: "every program is reported with its arguments",
    tool: "execsnoop",
    workload: ["execs"],
    check: all(rowCounts(succeeded, byArguments), nothingLost),
  }),
  counting({
    name: "-x reports the calls that failed too",
    tool: "execsnoop",
    options: ["-x"],
    workload: ["execs"],
    check: all(rowCounts({ ...succeeded, ...failed }, byArguments), nothingLost),
  }),
];
