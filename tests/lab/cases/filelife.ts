/**
 * filelife: files that `../workloads/lives.c` creates and removes, by name; those that the tracepoint tier cannot know among
 * them.
 *
 * @module
 */
import type { Case, Check } from "../case.ts";
import { all, nothingLost, printedNumber } from "../checks.ts";
import { counting } from "./counting.ts";

/** How many files whose names begin so are told, each once. */
const told = (prefix: string, count: number): Check => (outcome) => {
  const files = outcome.ticks.flatMap(({ rows }) => rows).map(({ file }) => String(file)).filter((file) =>
    file.startsWith(prefix)
  );
  return files.length === count && new Set(files).size === count
    ? []
    : [`${files.length} files ${prefix}… were told (${new Set(files).size} different ones), not ${count}`];
};

/** The age of the aged file lies between its sleep and what the workload measured around it. */
const aged: Check = (outcome) => {
  const row = outcome.ticks.flatMap(({ rows }) => rows).find(({ file }) => file === "aged");
  const most = printedNumber(outcome, "aged_us") / 1e6;
  const age = Number(row?.age_s);
  return age >= 0.12 && age <= most ? [] : [`age_s is ${age}, not 0.12 to ${most}`];
};

const both: Check = all(told("told", 103), told("aged", 1), aged, told("old", 0), nothingLost);

export const filelifeCases: readonly Case[] = [
  counting({
    name: "files that end are told once, with their age",
    tool: "filelife",
    workload: ["lives"],
    check: both,
  }),
  counting({
    name: "files of mknod, with two links, or renamed are told by their last name",
    tool: "filelife",
    workload: ["lives"],
    cells: ["fentry", "kprobe"],
    check: all(
      told("node", 17),
      told("linked", 0),
      told("other", 7),
      told("before", 0),
      told("moved", 5),
      nothingLost,
    ),
  }),
];
