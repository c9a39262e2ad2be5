/**
 * filegone: the names that `tests/workloads/gone.c` makes go away, and none of those whose calls fail.
 *
 * @module
 */
import type { Case, Check } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { counting } from "./counting.ts";

/** How many rows of an action there are, and that each name that matches is a different one. */
const gone = (action: string, count: number): Check => (outcome) => {
  const rows = outcome.ticks.flatMap((tick) => tick.rows).filter((row) => row.action === action);
  return rows.length === count ? [] : [`${rows.length} ${action}, not ${count}`];
};

/** The rows whose name matches, as the text column shows them. */
const files = (pattern: RegExp, expected: readonly string[]): Check => (outcome) => {
  const found = outcome.ticks.flatMap(({ rows }) => rows).filter(({ name }) => pattern.test(String(name)))
    .map(({ file }) => String(file));
  return JSON.stringify(found) === JSON.stringify(expected) ? [] : [`${pattern}: ${JSON.stringify(found)}`];
};

const [long, longer] = ["l".repeat(200), "m".repeat(201)];

export const filegoneCases: readonly Case[] = [
  counting({
    name: "removals and renames are told once, failed calls are not",
    tool: "filegone",
    workload: ["gone"],
    check: all(
      gone("DELETE", 37 + 41),
      gone("RMDIR", 19 + 23),
      gone("RENAME", 29 + 31 + 13 + 2),
      files(/^directory4[01]$/, ["directory40", "directory41"]),
      files(/^from59$/, ["from59 > to59"]),
      files(/^l+$/, [`${long} > ${longer}`]),
      nothingLost,
    ),
  }),
];
