/**
 * dcsnoop: the lookups of `tests/workloads/lookups.c` by name: those that miss, and with -a those that hit.
 *
 * @module
 */
import type { Case, Check } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { counting } from "./counting.ts";

/** How many rows of a type have names that match. */
const told = (type: string, name: RegExp, count: number): Check => (outcome) => {
  const rows = outcome.ticks.flatMap((tick) => tick.rows).filter((row) =>
    row.type === type && name.test(String(row.file))
  );
  return rows.length === count ? [] : [`${rows.length} ${type} of ${name}, not ${count}`];
};

/** Each absent name once, though the kernel asks two or three times for it; each new directory and file once. */
const misses = all(
  told("M", /^absent\d+$/, 223),
  told("M", /^dir\d+$/, 109),
  told("M", /^unopened\d+$/, 59),
  told("M", /^made\d+$/, 37),
  told("M", /^created\d+$/, 31),
  told("M", /^file$/, 0),
);

export const dcsnoopCases: readonly Case[] = [
  counting({
    name: "names that miss are told once each",
    tool: "dcsnoop",
    workload: ["lookups"],
    check: all(misses, told("R", /./, 0), nothingLost),
  }),
  counting({
    name: "with -a, names that hit are told too",
    tool: "dcsnoop",
    workload: ["lookups"],
    options: ["-a"],
    check: all(
      misses,
      told("R", /^file$/, 211),
      told("R", /^dir\d+$/, 67),
      told("R", /^(absent|unopened|made|created)\d+$/, 0),
      nothingLost,
    ),
  }),
];
