/**
 * dcsnoop against lookups.c.
 *
 * @module
 */
import * as lookups from "../../workloads/lookups.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, rowCounts } from "../checks.ts";
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
];
