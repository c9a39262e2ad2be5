/**
 * execsnoop against execs.c, ends.c and family.c.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import * as ends from "../../workloads/ends.ts";
import * as execs from "../../workloads/execs.ts";
import * as family from "../../workloads/family.ts";
import type { Case, Check, Outcome } from "../case.ts";
import { all, nothingLost, printedNumber, printedNumbers, rowCounts } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

const endCounts = (outcome: Outcome) => ends.ends(printedNumber(outcome, "both"));

const noContradictions: Check = ({ ticks }) =>
  ends.contradictions(rowsOf(ticks)).map((row) => `columns contradict each other: ${JSON.stringify(row)}`);

/** The chains up to the workload; the one that is not cut there goes on to the first process. */
const chains: Check = (outcome) => {
  const expected = family.chains(printedNumbers(outcome), []);
  const { short = [], long = [], ...others } = family.chainsIn(rowsOf(outcome.ticks));
  const last = short.at(-1)?.pid;
  const found = { short: short.slice(0, expected.short.length), long, ...others };
  return JSON.stringify(found) === JSON.stringify(expected) &&
      (last === 1 || (last === null && short.length === 9))
    ? []
    : [`the parents are ${JSON.stringify({ short, long, ...others })}, not ${JSON.stringify(expected)}`];
};

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
  workloadCase({
    name: "--exit pairs each program with its end, and -P restricts it to the children of a process",
    tool: "execsnoop",
    options: ["--exit"],
    workload: ["ends"],
    restrictedBy: "-P",
    check: all(rowCounts(endCounts, ends.argumentsAndEnd), noContradictions, nothingLost),
  }),
  workloadCase({
    name: "--exit -x also prints failed calls",
    tool: "execsnoop",
    options: ["--exit", "-x"],
    workload: ["ends"],
    restrictedBy: "-P",
    check: all(
      rowCounts((outcome) => ({ ...endCounts(outcome), ...ends.failures }), ends.argumentsAndEnd),
      noContradictions,
      nothingLost,
    ),
  }),
  workloadCase({
    name: "--parents prints up to eight ancestors",
    tool: "execsnoop",
    options: ["--parents", "-l", "/family (short|long)$"],
    workload: ["family"],
    wholeMachine: true,
    check: all(chains, nothingLost),
  }),
];
