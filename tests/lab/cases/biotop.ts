/**
 * biotop against blocks.c.
 *
 * @module
 */
import { rowsOf, sumColumn } from "../../support/ticks.ts";
import { BATCHES, BLOCK, READS, TOGETHER, WRITES } from "../../workloads/blocks.ts";
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost, printedNumber, sums } from "../checks.ts";
import { blocksOnDisk, requests, scheduled } from "./blocks.ts";
import { workloadCase } from "./workload_case.ts";

function countedRequests({ ticks }: Outcome): string[] {
  const ofType = (type: string): number => sumColumn(rowsOf(ticks), "ios", (row) => row.type === type);
  return requests(ofType("R"), ofType("W"));
}

/** Each row has its disk and process; the reads took no longer than the workload waited for them. */
function complete(outcome: Outcome): string[] {
  const rows = rowsOf(outcome.ticks);
  const bad = rows.find((row) =>
    row.disk !== "nvme0n1" || row.comm !== "blocks" || typeof row.major !== "number" ||
    typeof row.pid !== "number"
  );
  const reads = rows.filter(({ type }) => type === "R");
  const us = reads.reduce((sum, { avg_ms, ios }) => sum + Number(avg_ms) * Number(ios) * 1000, 0);
  return [
    ...bad ? [`a row is incomplete: ${JSON.stringify(bad)}`] : [],
    ...us > 0 && us <= printedNumber(outcome, "total_us") ? [] : [`the reads took ${us} us together`],
  ];
}

const biotop = {
  ...blocksOnDisk,
  name: "requests and bytes are counted exactly by process and direction",
  tool: "biotop",
  check: all(
    countedRequests,
    complete,
    sums({ bytes: READS * BLOCK }, { type: "R" }),
    sums({ bytes: (WRITES + BATCHES * TOGETHER) * BLOCK }, { type: "W" }),
    nothingLost,
  ),
} as const;

export const biotopCases: readonly Case[] = [workloadCase(biotop), scheduled(biotop)];
