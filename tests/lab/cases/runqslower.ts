/**
 * runqslower: threads that must wait for a CPU. What is exact is the number of waits: the kernel's own count of them
 * (schedstat) is compared with the events of threshold 0.
 *
 * @module
 */
import type { Case, Check, Outcome } from "../case.ts";
import { all, losses, nothingLost, printedNumber } from "../checks.ts";
import { counting } from "./counting.ts";

/** Every event is complete and not under the threshold (microseconds). */
function completeEvents(minUs: number): Check {
  return ({ ticks }) => {
    const rows = ticks.flatMap((tick) => tick.rows);
    const bad = rows.find((row) =>
      !(Number(row.lat_us) >= minUs) || !row.comm || !(Number(row.tid) > 0) || !(Number(row.pid) > 0) ||
      !row.prev_comm || row.prev_tid === undefined || row.cpu === undefined
    );
    return bad ? [`an event is incomplete or under ${minUs} us: ${JSON.stringify(bad)}`] : [];
  };
}

/** At least one event came. */
function someEvents({ ticks }: Outcome): string[] {
  return ticks.some(({ rows }) => rows.length > 0) ? [] : ["no event came"];
}

/** Received and lost are the waits that the kernel counted for the workload's two threads. */
function allWaits(outcome: Outcome): string[] {
  const made = printedNumber(outcome, "waits");
  const tids = /^tids (\d+) (\d+)$/m.exec(outcome.workload)?.slice(1).map(Number) ?? [];
  const received =
    outcome.ticks.flatMap(({ rows }) => rows).filter(({ tid }) => tids.includes(Number(tid))).length;
  const lost = losses(outcome).events;
  // Some of the main thread's own waits may be among the lost ones; after it counted them it still prints, and may be
  // preempted meanwhile.
  const own = printedNumber(outcome, "own");
  const most = lost > 0 ? made + own + 20 : made;
  if (received + lost >= made && received + lost <= most) return [];
  return [
    `${received} received and ${lost} lost are ${
      received + lost
    }, but the threads waited ${made} times, the main one ${own}`,
  ];
}

/** More was made than the ring holds. */
function someLost(outcome: Outcome): string[] {
  return losses(outcome).events > 0 ? [] : ["nothing was lost: the ring did not overflow"];
}

export const runqslowerCases: readonly Case[] = [
  counting({
    name: "every wait for the CPU is an event at threshold 0",
    tool: "runqslower",
    options: ["0"],
    workload: ["pingpong", "1009"],
    lastLine: /^waits \d+$/m,
    check: all(allWaits, completeEvents(0), nothingLost),
  }),
  counting({
    name: "threads that share a CPU wait longer than the threshold",
    tool: "runqslower",
    options: ["1000"],
    workload: ["spinners", "2"],
    check: all(someEvents, completeEvents(1000)),
  }),
  counting({
    name: "a full ring loses no count: received and lost are what was made",
    tool: "runqslower",
    options: ["0"],
    workload: ["pingpong", "20011"],
    lastLine: /^waits \d+$/m,
    cells: ["default"],
    interval: 3,
    check: all(allWaits, someLost, completeEvents(0)),
  }),
];
