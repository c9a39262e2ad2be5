/**
 * biolatency: the histograms add up to the requests of known I/O.
 *
 * @module
 */
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { onDisk, requests, rowsOf, scheduled } from "./blocks.ts";
import { counting } from "./counting.ts";

function slotsAreRequests(outcome: Outcome): string[] {
  const of = (word: string): number =>
    rowsOf(outcome).filter(({ flags }) => String(flags).endsWith(word))
      .reduce((total, { count }) => total + Number(count), 0);
  return requests(of("Read"), of("Write"));
}

const biolatency = {
  ...onDisk,
  tool: "biolatency",
  options: ["-Q", "-D", "-F"],
  check: all(slotsAreRequests, nothingLost),
} as const;

export const biolatencyCases: readonly Case[] = [
  counting({ ...biolatency, name: "the histograms add up to the requests" }),
  scheduled(biolatency, "the histograms add up to the requests"),
];
