/**
 * runqlat against pingpong.c, whose context switches the kernel counts.
 *
 * @module
 */
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost, printedNumber, sum } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** The slots add up to the waits of the two players. */
function allWaits(outcome: Outcome): string[] {
  const made = printedNumber(outcome, "waits"), counted = sum(outcome, "count");
  return counted === made ? [] : [`the slots add up to ${counted}, but the threads waited ${made} times`];
}

/** A run that counts only the two players, not the main thread. */
const players = {
  tool: "runqlat",
  workload: ["pingpong", "1009"],
  lastLine: /^waits \d+$/m,
  countsSwitches: true,
  check: all(allWaits, nothingLost),
} as const;

export const runqlatCases: readonly Case[] = [
  workloadCase({
    ...players,
    name: "the histogram adds up to the waits",
    options: ["--comm", "pingpong-player"],
  }),
  workloadCase({
    ...players,
    name: "the histogram of each process adds up to its waits",
    options: ["--comm", "pingpong-player", "-P", "-m"],
  }),
];
