/**
 * profile beside cpu_clock.c, and against busy.c.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import * as busy from "../../workloads/busy.ts";
import * as clock from "../../workloads/cpu_clock.ts";
import type { Case, Check } from "../case.ts";
import { all, nothingLost, printedNumber } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

const asManyAsTheKernel: Check = ({ ticks, workload }) =>
  clock.wrongSamples(clock.samplesTogether(ticks, workload));

const byFunction: Check = (outcome) => {
  const { heavy, light } = busy.samplesByFunction(rowsOf(outcome.ticks));
  const expected = printedNumber(outcome, "heavy_us") / printedNumber(outcome, "light_us");
  return Math.abs(heavy / light / expected - 1) < 0.05
    ? []
    : [`${heavy} and ${light} samples of functions that compute ${expected} to 1`];
};

const named: Check = ({ ticks }) => {
  const missed = rowsOf(ticks).filter(({ stack }) => stack === "[missed]");
  return missed.length === 0 ? [] : [`${missed.length} rows have lost their stack`];
};

export const profileCases: readonly Case[] = [
  workloadCase({
    name: "-I counts the samples that the kernel takes, at most frequency × CPUs × seconds",
    tool: "profile",
    options: clock.OPTIONS,
    wholeMachine: true,
    interval: 0.5,
    workload: ["cpu_clock", String(clock.HZ), String(clock.SECONDS)],
    check: all(asManyAsTheKernel, nothingLost),
  }),
  workloadCase({
    name: "samples are attributed to functions by the time they compute",
    tool: "profile",
    options: ["-F", "499"],
    workload: ["busy", String(busy.SECONDS)],
    check: all(byFunction, named, nothingLost),
  }),
];
