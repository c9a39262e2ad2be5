/**
 * fsdist against slow.c on ext4.
 *
 * @module
 */
import { rowsOf, sumColumn } from "../../support/ticks.ts";
import { operationKinds } from "../../workloads/slow.ts";
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { onExt4, slowOnExt4 } from "./slow.ts";

/** Counts by operation over all slots. */
function counts({ context, ticks }: Outcome): string[] {
  return Object.entries(operationKinds(context.cell)).flatMap(([operation, expected]) => {
    const sum = sumColumn(rowsOf(ticks), "count", (row) => row.operation === operation);
    return sum === expected ? [] : [`${sum} ${operation}, not ${expected}`];
  });
}

export const fsdistCases: readonly Case[] = [
  onExt4({
    name: "the histograms count each operation on ext4",
    tool: "ext4dist",
    workload: slowOnExt4,
    check: all(counts, nothingLost),
  }),
];
