/**
 * runqslower against pingpong.c and spinners.c. The events at threshold 0 are compared with the context
 * switches that the kernel counts.
 *
 * @module
 */
import { losses, rowsOf } from "../../support/ticks.ts";
import type { Case, Check, Outcome } from "../case.ts";
import { all, nothingLost, printedNumber, somethingLost } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** Each event is complete and not below the threshold, microseconds. */
function completeEvents(minUs: number): Check {
  return ({ ticks }) => {
    const bad = rowsOf(ticks).find((row) =>
      !(Number(row.lat_us) >= minUs) || !row.comm || !(Number(row.tid) > 0) || !(Number(row.pid) > 0) ||
      !row.prev_comm || row.prev_tid === undefined || row.cpu === undefined
    );
    return bad ? [`an event is incomplete or below ${minUs} us: ${JSON.stringify(bad)}`] : [];
  };
}

/** There is at least one event. */
function someEvents({ ticks }: Outcome): string[] {
  return ticks.some(({ rows }) => rows.length > 0) ? [] : ["there is no event"];
}

/** Received and lost events add up to the waits that the kernel counted for the two players. */
function allWaits(outcome: Outcome): string[] {
  const made = printedNumber(outcome, "waits");
  const tids = /^tids (\d+) (\d+)$/m.exec(outcome.workload)?.slice(1).map(Number) ?? [];
  const received = rowsOf(outcome.ticks).filter(({ tid }) => tids.includes(Number(tid))).length;
  const lost = losses(outcome.ticks).events;
  // The lost events may include waits of the main thread, and a few more of its waits from after it counted them.
  const own = printedNumber(outcome, "own");
  const most = lost > 0 ? made + own + 20 : made;
  if (received + lost >= made && received + lost <= most) return [];
  return [
    `${received} received and ${lost} lost are ${
      received + lost
    }, but the threads waited ${made} times, the main one ${own}`,
  ];
}

export const runqslowerCases: readonly Case[] = [
  workloadCase({
    name: "each wait for a CPU is an event at threshold 0",
    tool: "runqslower",
    options: ["0"],
    workload: ["pingpong", "1009"],
    countsSwitches: true,
    lastLine: /^waits \d+$/m,
    check: all(allWaits, completeEvents(0), nothingLost),
  }),
  workloadCase({
    name: "threads that share a CPU wait longer than a threshold of 1 ms",
    tool: "runqslower",
    options: ["1000"],
    workload: ["spinners", "2"],
    check: all(someEvents, completeEvents(1000)),
  }),
  workloadCase({
    name: "when the ring is full, received and lost events add up to the waits",
    tool: "runqslower",
    options: ["0"],
    workload: ["pingpong", "20011"],
    countsSwitches: true,
    lastLine: /^waits \d+$/m,
    cells: ["default"],
    undrained: true,
    check: all(allWaits, somethingLost, completeEvents(0)),
  }),
];
