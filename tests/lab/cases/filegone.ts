/**
 * filegone against gone.c.
 *
 * @module
 */
import { losses, rowsOf } from "../../support/ticks.ts";
import * as gone from "../../workloads/gone.ts";
import { LONG } from "../../workloads/lives.ts";
import type { Case, Check } from "../case.ts";
import { all, differences, nothingLost, rowCounts } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** The rows of some names have the text and the new name that are expected. */
const examples: Check = ({ ticks }) => {
  const found = gone.examplesIn(rowsOf(ticks));
  return Object.entries(gone.examples).flatMap(([name, expected]) => {
    const text = JSON.stringify(found[name]);
    return text === JSON.stringify(expected) ? [] : [`${name}: ${text}, not ${JSON.stringify(expected)}`];
  });
};

const oneEventLost: Check = ({ ticks }) => differences({ ...losses(ticks) }, { events: 1, keys: 0 });

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
    name: "on FUSE, a name of 300 bytes is lost",
    tool: "filegone",
    workload: ["fused"],
    cells: ["tracepoint"],
    kernels: ["6.12", "7.2"],
    native: false,
    check: all(rowCounts({}, ({ file }) => String(file).startsWith("l") ? String(file) : null), oneEventLost),
  }),
];
