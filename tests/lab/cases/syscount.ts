/**
 * syscount against mixed_calls.c.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import * as mixed from "../../workloads/mixed_calls.ts";
import type { Case, Check } from "../case.ts";
import { all, differences, nothingLost, printedNumber, sum } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** The sums by call of calls and of errors. */
const byCall: Check = (outcome) => {
  const rows = rowsOf(outcome.ticks);
  return [
    ...differences(mixed.sumsByCall(rows, "count"), mixed.calls(printedNumber(outcome, "calls32"))),
    ...differences(mixed.sumsByCall(rows, "errors"), mixed.failures),
  ];
};

/** The sleeps took no shorter than they were asked to, and no longer than the workload measured. */
const sleeps: Check = (outcome) => {
  const us = sum(outcome, "time_us", { syscall: "nanosleep" });
  return us >= mixed.SLEPT_US && us <= printedNumber(outcome, "slept_us") ? [] : [`the sleeps took ${us} us`];
};

export const syscountCases: readonly Case[] = [
  workloadCase({
    name: "each call and each error is counted by name",
    tool: "syscount",
    workload: ["mixed_calls"],
    check: all(byCall, nothingLost),
  }),
  workloadCase({
    name: "-L also measures their time",
    tool: "syscount",
    options: ["-L"],
    workload: ["mixed_calls"],
    check: all(byCall, sleeps, nothingLost),
  }),
  workloadCase({
    name: "-x counts only calls that failed",
    tool: "syscount",
    options: ["-x"],
    workload: ["mixed_calls"],
    check: all(
      (outcome) => differences(mixed.sumsByCall(rowsOf(outcome.ticks), "count"), mixed.failures),
      nothingLost,
    ),
  }),
];
