/**
 * biotop against blocks.c.
 *
 * @module
 */
import { rowsOf, sumColumn } from "../../support/ticks.ts";
import { BATCHES, BLOCK, READS, TOGETHER, WRITES } from "../../workloads/blocks.ts";
import { type Case, type Outcome, tiers } from "../case.ts";
import { Signal } from "../machine.ts";
import { describeEnd, explained, LIMIT_MS, moreLines, ticksOf, tierOption } from "../run.ts";
import { all, nothingLost, printedNumber, sums } from "../checks.ts";
import { biotopFiles } from "./block_files.ts";
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

/** Processes that read from the disk all the time. */
const READERS = 4;

/** Requests that are in flight when the programs are attached are not losses of ktop. */
const attachedInFlood: Case = {
  name: "loses nothing when it starts in a flood of requests",
  tool: "biotop",
  cells: tiers,
  boot: "usual",
  native: false,
  unforced: true,
  async run(context) {
    const { machine } = context;
    for (let i = 0; i < READERS; i++) {
      const reader = await machine.start(["flood", "10000000", "0", "block", "/dev/nvme0n1"]);
      await reader.until(
        ({ output }) => output.includes("ready\n") || null,
        "readiness of a reader",
        LIMIT_MS,
      );
      reader.kill(Signal.USR1);
    }
    const ktop = await machine.start(["ktop", "biotop", "--json", "-i", "0.3", ...tierOption(context)]);
    await moreLines(ktop, 4);
    if (ktop.status !== null) return [`ktop ended early, ${describeEnd(ktop)}`];
    ktop.kill(Signal.INT);
    await ktop.end(LIMIT_MS);
    const ticks = ticksOf(ktop.output);
    const outcome: Outcome = { context, ticks, workload: "" };
    const reads = sumColumn(rowsOf(ticks), "ios", (row) => row.type === "R");
    return explained(
      [...nothingLost(outcome), ...reads > 100 ? [] : [`only ${reads} reads were counted`]],
      ticks,
    );
  },
};

export const biotopCases: readonly Case[] = [
  workloadCase(biotop),
  scheduled(biotop),
  biotopFiles,
  attachedInFlood,
];
