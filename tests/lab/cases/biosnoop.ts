/**
 * biosnoop: every request of known I/O is reported once.
 *
 * @module
 */
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost, printedNumber, sums } from "../checks.ts";
import { BATCHES, BLOCK, onDisk, READS, requests, rowsOf, scheduled, TOGETHER, WRITES } from "./blocks.ts";
import { counting } from "./counting.ts";

function eventsAreRequests(outcome: Outcome): string[] {
  const of = (type: string): number => rowsOf(outcome).filter((row) => row.type === type).length;
  return requests(of("R"), of("W"));
}

/** Every event has its disk, sector and maker. */
function complete(outcome: Outcome): string[] {
  const bad = rowsOf(outcome).find((row) =>
    row.disk !== "nvme0n1" || row.comm !== "blocks" || typeof row.sector !== "number" ||
    !(Number(row.lat_ms) > 0)
  );
  return bad ? [`an event is incomplete: ${JSON.stringify(bad)}`] : [];
}

/** The reads took, queue and device together, no longer than the program waited for them. */
function withinMeasured(outcome: Outcome): string[] {
  const reads = rowsOf(outcome).filter(({ type }) => type === "R");
  const times = reads.map(({ queue_ms, lat_ms }) => (Number(queue_ms) + Number(lat_ms)) * 1000);
  const total = times.reduce((a, b) => a + b, 0), longest = Math.max(...times);
  return [
    ...total <= printedNumber(outcome, "total_us") ? [] : [`the reads took ${total} us together`],
    ...longest <= printedNumber(outcome, "longest_us") ? [] : [`a read took ${longest} us`],
  ];
}

const biosnoop = {
  ...onDisk,
  tool: "biosnoop",
  check: all(
    eventsAreRequests,
    complete,
    withinMeasured,
    sums({ bytes: READS * BLOCK }, { type: "R" }),
    sums({ bytes: (WRITES + BATCHES * TOGETHER) * BLOCK }, { type: "W" }),
    nothingLost,
  ),
} as const;

export const biosnoopCases: readonly Case[] = [
  counting({ ...biosnoop, name: "every request is reported once, with its bytes and maker" }),
  scheduled(biosnoop, "every request is reported once"),
];
