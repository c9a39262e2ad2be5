/**
 * biolatency against blocks.c.
 *
 * @module
 */
import { rowsOf, sumColumn } from "../../support/ticks.ts";
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { blocksOnDisk, requests, scheduled } from "./blocks.ts";
import { workloadCase } from "./workload_case.ts";

function countedRequests({ ticks }: Outcome): string[] {
  const flagged = (word: string): number =>
    sumColumn(rowsOf(ticks), "count", ({ flags }) => String(flags).endsWith(word));
  return requests(flagged("Read"), flagged("Write"));
}

const biolatency = {
  ...blocksOnDisk,
  name: "the histograms add up to the requests",
  tool: "biolatency",
  options: ["-Q", "-D", "-F"],
  check: all(countedRequests, nothingLost),
} as const;

export const biolatencyCases: readonly Case[] = [workloadCase(biolatency), scheduled(biolatency)];
