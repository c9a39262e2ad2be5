/**
 * filegone against gone.c.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import * as gone from "../../workloads/gone.ts";
import type { Case, Check } from "../case.ts";
import { all, nothingLost, rowCounts } from "../checks.ts";
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
];
