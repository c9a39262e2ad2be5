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

/** Samples from which a ratio can be computed: a guest takes a part of them only, when the host does not always run its CPUs. */
const ENOUGH = 100;

/** The share of heavy() is that of the time, within four standard deviations of as many random samples. */
const byFunction: Check = (outcome) => {
  const { heavy, light } = busy.samplesByFunction(rowsOf(outcome.ticks));
  const heavyUs = printedNumber(outcome, "heavy_us"), all = heavy + light;
  const share = heavyUs / (heavyUs + printedNumber(outcome, "light_us"));
  const room = 0.01 + 4 * Math.sqrt(share * (1 - share) / all);
  return all >= ENOUGH && Math.abs(heavy / all - share) <= room
    ? []
    : [`${heavy} and ${light} samples of functions, the first of which computes ${share} of the time`];
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
