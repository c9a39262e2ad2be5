/**
 * Every way to create, remove, rename and link names (names.c), as the second table of ways in bpf/README.md says.
 *
 * @module
 */
import type { TierName } from "../../../src/model/mod.ts";
import { countRows, type Counts, type Row, rowsOf } from "../../support/ticks.ts";
import * as names from "../../workloads/names.ts";
import type { Case, Check, Outcome } from "../case.ts";
import { all, differences, nothingLost, sum } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** What names.c printed. */
const callsOf = ({ workload }: Outcome): names.Calls =>
  Object.fromEntries(
    [...workload.matchAll(/^(\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );

const tierOf = ({ ticks }: Outcome): TierName => ticks[0]!.tier as TierName;

/** Compares the rows of each name. */
const rows = (
  expected: (tier: TierName, calls: names.Calls) => Counts,
  nameOf: (row: Row) => string,
): Check =>
(outcome) =>
  differences(countRows(rowsOf(outcome.ticks), nameOf), expected(tierOf(outcome), callsOf(outcome)));

const counters: Check = (outcome) => {
  const expected = names.vfsstatCounts(tierOf(outcome), callsOf(outcome));
  const found = Object.fromEntries(Object.keys(expected).map((key) => [key, sum(outcome, key)]));
  return differences(found, expected);
};

const NAME = "each way to create, remove, rename and link is seen as the tables of ways say";

export const namesCases: readonly Case[] = [
  workloadCase({
    name: NAME,
    tool: "filelife",
    workload: ["names"],
    check: all(rows(names.filelifeRows, names.filelifeName), nothingLost),
  }),
  workloadCase({
    name: NAME,
    tool: "filegone",
    workload: ["names"],
    check: all(rows(names.filegoneRows, names.filegoneName), nothingLost),
  }),
  workloadCase({ name: NAME, tool: "vfsstat", workload: ["names"], check: all(counters, nothingLost) }),
];
