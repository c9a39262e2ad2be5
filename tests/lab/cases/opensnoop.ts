/**
 * opensnoop against opens.c and flood.c.
 *
 * @module
 */
import { losses, rowsOf } from "../../support/ticks.ts";
import * as opens from "../../workloads/opens.ts";
import type { Case, Check } from "../case.ts";
import { all, nothingLost, printedNumber, rowCounts } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** Received and lost events add up to the opens of the flood. */
const conservedOpens: Check = (outcome) => {
  const received = rowsOf(outcome.ticks).length, lost = losses(outcome.ticks).events;
  const made = printedNumber(outcome, "made");
  return received + lost === made ? [] : [`${received} received and ${lost} lost are not the ${made} made`];
};

export const opensnoopCases: readonly Case[] = [
  workloadCase({
    name: "each open is reported with its path and result",
    tool: "opensnoop",
    workload: ["opens"],
    check: all(rowCounts(opens.calls, opens.pathAndError), nothingLost),
  }),
  workloadCase({
    name: "-F reports full paths, relative to the directory and across mounts",
    tool: "opensnoop",
    options: ["-F"],
    workload: ["opens"],
    check: all(rowCounts(opens.callsByFullPath, opens.pathAndError), nothingLost),
  }),
  workloadCase({
    name: "-x reports only failed calls",
    tool: "opensnoop",
    options: ["-x"],
    workload: ["opens"],
    check: all(rowCounts(opens.failedCalls, opens.pathAndError), nothingLost),
  }),
  workloadCase({
    name: "-f reports only opens with one of the flags, with flags and mode",
    tool: "opensnoop",
    options: ["-f", "O_RDWR,O_CREAT"],
    workload: ["opens"],
    check: all(rowCounts(opens.callsWithFlags, opens.pathAndFlags), nothingLost),
  }),
  workloadCase({
    name: "in a flood, received and lost events add up to the opens made",
    tool: "opensnoop",
    // One short column: a guest's serial line is slow.
    options: ["--fields", "fd"],
    workload: ["flood", "100003"],
    cells: ["default"],
    interval: 3,
    check: conservedOpens,
  }),
];
