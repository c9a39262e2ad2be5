/**
 * biosnoop against blocks.c.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import { BATCHES, BLOCK, READS, TOGETHER, WRITES } from "../../workloads/blocks.ts";
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost, printedNumber, sums } from "../checks.ts";
import { biosnoopFiles } from "./block_files.ts";
import { blocksOnDisk, requests, scheduled } from "./blocks.ts";
import { workloadCase } from "./workload_case.ts";

function reportedRequests({ ticks }: Outcome): string[] {
  const ofType = (type: string): number => rowsOf(ticks).filter((row) => row.type === type).length;
  return requests(ofType("R"), ofType("W"));
}

/** Each event has its disk, sector, process name and latency. */
function complete({ ticks }: Outcome): string[] {
  const bad = rowsOf(ticks).find((row) =>
    row.disk !== "nvme0n1" || row.comm !== "blocks" || typeof row.sector !== "number" ||
    !(Number(row.lat_ms) > 0)
  );
  return bad ? [`an event is incomplete: ${JSON.stringify(bad)}`] : [];
}

/** The reads took, in the queue and on the device, no longer than the workload waited for them. */
function withinMeasured(outcome: Outcome): string[] {
  const reads = rowsOf(outcome.ticks).filter(({ type }) => type === "R");
  const times = reads.map(({ queue_ms, lat_ms }) => (Number(queue_ms) + Number(lat_ms)) * 1000);
  const total = times.reduce((a, b) => a + b, 0), longest = Math.max(...times);
  return [
    ...total <= printedNumber(outcome, "total_us") ? [] : [`the reads took ${total} us together`],
    ...longest <= printedNumber(outcome, "longest_us") ? [] : [`a read took ${longest} us`],
  ];
}

const biosnoop = {
  ...blocksOnDisk,
  name: "each request is reported once, with its bytes and process",
  tool: "biosnoop",
  check: all(
    reportedRequests,
    complete,
    withinMeasured,
    sums({ bytes: READS * BLOCK }, { type: "R" }),
    sums({ bytes: (WRITES + BATCHES * TOGETHER) * BLOCK }, { type: "W" }),
    nothingLost,
  ),
} as const;

export const biosnoopCases: readonly Case[] = [workloadCase(biosnoop), scheduled(biosnoop), biosnoopFiles];
