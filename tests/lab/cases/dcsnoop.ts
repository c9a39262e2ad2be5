/**
 * dcsnoop against lookups.c.
 *
 * @module
 */
import * as lookups from "../../workloads/lookups.ts";
import type { Case } from "../case.ts";
import { all, allEventsAccounted, nothingLost, rowCounts, somethingLost } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

export const dcsnoopCases: readonly Case[] = [
  workloadCase({
    name: "each name that misses is reported once",
    tool: "dcsnoop",
    workload: ["lookups"],
    check: all(
      rowCounts(lookups.misses, lookups.typeAndName),
      // No hits at all, not even of other names.
      rowCounts({}, ({ type, file }) => type === "R" ? String(file) : null),
      nothingLost,
    ),
  }),
  workloadCase({
    name: "-a also reports names that hit",
    tool: "dcsnoop",
    workload: ["lookups"],
    options: ["-a"],
    check: all(rowCounts({ ...lookups.misses, ...lookups.found }, lookups.typeAndName), nothingLost),
  }),
  workloadCase({
    name: "in a flood of a million lookups, received and lost events add up to the lookups made",
    tool: "dcsnoop",
    // As for opensnoop: one short column, and a ring as small as it is declared.
    options: ["-a", "--fields", "type", "--max-memory", "16"],
    workload: ["flood", "1000003", "0", "stat"],
    cells: ["fentry", "kprobe"],
    kernels: ["5.10", "7.2"],
    undrained: true,
    check: all(allEventsAccounted, somethingLost),
  }),
];
