/**
 * filegone against gone.c, below.c and fused.c.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import * as below from "../../workloads/below.ts";
import * as gone from "../../workloads/gone.ts";
import { LONG } from "../../workloads/lives.ts";
import type { Case, Check } from "../case.ts";
import { all, nothingLost, rowCounts } from "../checks.ts";
import { belowCase, directoriesCheck } from "./below.ts";
import { workloadCase } from "./workload_case.ts";

/** The rows of some names have the text and the new name that are expected. */
const examples: Check = ({ ticks }) => {
  const found = gone.examplesIn(rowsOf(ticks));
  return Object.entries(gone.examples).flatMap(([name, expected]) => {
    const text = JSON.stringify(found[name]);
    return text === JSON.stringify(expected) ? [] : [`${name}: ${text}, not ${JSON.stringify(expected)}`];
  });
};

export const filegoneCases: readonly Case[] = [
  workloadCase({
    name: "each removal and rename is reported once with its names, and no failed call",
    tool: "filegone",
    workload: ["gone"],
    check: all(rowCounts(gone.actions, ({ action }) => String(action)), examples, nothingLost),
  }),
  workloadCase({
    name: "on FUSE, a name of 300 bytes is cut and marked",
    tool: "filegone",
    workload: ["fused"],
    cells: ["fentry", "kprobe"],
    // The other kernels have FUSE as a module.
    kernels: ["6.12", "7.2"],
    native: false,
    check: all(
      rowCounts({ [LONG]: 1 }, ({ file }) => String(file).startsWith("l") ? String(file) : null),
      nothingLost,
    ),
  }),
  workloadCase({
    name: "on FUSE, a name of 300 bytes is reported whole",
    tool: "filegone",
    workload: ["fused"],
    cells: ["tracepoint"],
    kernels: ["6.12", "7.2"],
    native: false,
    check: all(
      rowCounts(
        { [`${"l".repeat(299)}0`]: 1 },
        ({ file }) => String(file).startsWith("l") ? String(file) : null,
      ),
      nothingLost,
    ),
  }),
  belowCase({
    name: "each removed and renamed name has its directory",
    tool: "filegone",
    flag: null,
    rows: () => below.allGone,
    lost: 0,
    check: directoriesCheck((tier) => ({ ...below.directories(tier), ...below.changedDirectories })),
  }),
  belowCase({
    name: "-d reports names below the directory, renames into it and out of it, and no others",
    tool: "filegone",
    rows: below.gone,
    lost: below.TOO_DEEP,
  }),
];
