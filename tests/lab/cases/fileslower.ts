/**
 * fileslower against slow.c and below.c.
 *
 * @module
 */
import * as below from "../../workloads/below.ts";
import * as slow from "../../workloads/slow.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, rowCounts } from "../checks.ts";
import { belowCase } from "./below.ts";
import { fullPathCases } from "./full_paths.ts";
import { workloadCase } from "./workload_case.ts";
import { bytes, onlySlow, withinMeasured } from "./slow.ts";

export const fileslowerCases: readonly Case[] = [
  workloadCase({
    name: "each read and write is an event at threshold 0",
    tool: "fileslower",
    options: ["0"],
    workload: ["slow", "/tmp"],
    check: all(
      rowCounts(slow.readsAndWrites, slow.fileAndLetter("direction")),
      bytes,
      withinMeasured("direction", "R"),
      withinMeasured("direction", "W"),
      nothingLost,
    ),
  }),
  workloadCase({
    name: "at a threshold of 1 ms, long reads and writes are events and short ones are not",
    tool: "fileslower",
    options: ["1"],
    workload: ["slow", "/tmp"],
    check: all(onlySlow, nothingLost),
  }),
  belowCase({
    name: "-d reports writes below the directory, and no others",
    tool: "fileslower",
    options: ["0"],
    rows: () => below.files,
    lost: below.TOO_DEEP,
  }),
  ...fullPathCases("fileslower", ["0"]),
];
