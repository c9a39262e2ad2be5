/**
 * offcputime against sleeps.c.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import * as sleeps from "../../workloads/sleeps.ts";
import type { Case, Check } from "../case.ts";
import { all, nothingLost, printedNumber } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

const waits: Check = (outcome) =>
  sleeps.wrongWaits(
    rowsOf(outcome.ticks),
    sleeps.measuredOf((word) => printedNumber(outcome, word)),
  );

export const offcputimeCases: readonly Case[] = [
  workloadCase({
    name: "each sleep is counted, and its time to one percent, by the stack that sleeps",
    tool: "offcputime",
    options: ["--state", sleeps.ASLEEP],
    workload: ["sleeps"],
    countsSwitches: true,
    check: all(waits, nothingLost),
  }),
];
