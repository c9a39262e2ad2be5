/**
 * fsdist: the operations of `slow` on ext4, all of them in the histograms.
 *
 * @module
 */
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { diskWorkload, onDisk, onFileSystem, rowsOf } from "./slow.ts";

/** Counts by operation over all slots. */
function counted(outcome: Outcome): string[] {
  const sum = (operation: string): number =>
    rowsOf(outcome).filter((row) => row.operation === operation).reduce(
      (total, { count }) => total + Number(count),
      0,
    );
  const kinds = { read: "R", write: "W", open: "O", fsync: "S" };
  const expected = Object.values(onFileSystem(outcome));
  return Object.entries(kinds).flatMap(([operation, letter]) => {
    const wanted = expected.reduce((total, counts) => total + (counts[letter] ?? 0), 0);
    return sum(operation) === wanted ? [] : [`${sum(operation)} ${operation}, not ${wanted}`];
  });
}

export const fsdistCases: readonly Case[] = [
  onDisk({
    name: "the histograms hold every operation on ext4",
    tool: "ext4dist",
    workload: diskWorkload,
    check: all(counted, nothingLost),
  }),
];
