/**
 * cachestat against pages.c, mincore(2), /proc/PID/io and /proc/vmstat.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import { COLD, DIRTIED, exactSums, PAGES, WARM } from "../../workloads/pages.ts";
import type { Case, Check, Outcome } from "../case.ts";
import { all, nothingLost, printedNumber, sum, sums } from "../checks.ts";
import { onExt4 } from "./slow.ts";

const written = (outcome: Outcome): number => printedNumber(outcome, "written");

/** The sums of these ways, all of which are exact, and the pages that the process has dirtied by the kernel's count. */
const exactly = (ways: readonly string[]): Check =>
  all(
    (outcome) => sums(exactSums(ways, outcome.workload.includes("written") ? written(outcome) : 0))(outcome),
    nothingLost,
  );

function isEqual(what: string, found: number, expected: number): string[] {
  return found === expected ? [] : [`${what}: ${found}, not ${expected}`];
}

/** All pages miss; some of them were added by read-ahead, and hit when they were asked for. */
function cold(outcome: Outcome): string[] {
  const asked = sum(outcome, "hits") + sum(outcome, "misses") - sum(outcome, "readahead");
  const ahead = sum(outcome, "readahead");
  return [
    ...COLD.flatMap((way) => [
      ...isEqual(`${way}, not cached`, printedNumber(outcome, `${way}_evicted`), PAGES),
      ...isEqual(`${way}, cached`, printedNumber(outcome, `${way}_present`), PAGES),
    ]),
    ...isEqual("misses", sum(outcome, "misses"), COLD.length * PAGES),
    ...isEqual("pages asked for", asked, COLD.length * PAGES),
    ...isEqual("mmap", sum(outcome, "mmap"), PAGES),
    ...ahead > PAGES ? [] : [`only ${ahead} pages were read ahead`],
  ];
}

/** As the kernel counts for the guest, in which nothing else writes. */
const dirtied: Check = (outcome) => [
  ...isEqual("nr_dirtied", printedNumber(outcome, "nr_dirtied"), written(outcome)),
  ...written(outcome) >= DIRTIED ? [] : [`only ${written(outcome)} pages became dirty`],
];

const ASKED = ["warm_read", "cold_large", "warm_mmap"];

/** The row of each file has its counts. */
const byFile: Check = all(
  exactly(ASKED),
  sums({ ...exactSums(ASKED), dirties: 0 }, { file: "pages" }),
  (outcome) =>
    sum(outcome, "dirties", { file: "dirty" }) >= DIRTIED
      ? []
      : ["the file has fewer dirty pages than were written"],
);

function byProcess({ ticks }: Outcome): string[] {
  const other = rowsOf(ticks).find(({ comm }) => comm !== "pages");
  return other ? [`another process: ${JSON.stringify(other)}`] : [];
}

const workload = (...ways: readonly string[]): string[] => ["pages", "/tmp/disk", ...ways];

export const cachestatCases: readonly Case[] = [
  onExt4({
    name: "1009 pages of a cached file are 1009 hits by read, pread, mmap and sendfile",
    tool: "cachestat",
    workload: workload(...WARM),
    check: exactly(WARM),
  }),
  onExt4({
    name: "1009 pages of a file that is not cached are 1009 misses, and read-ahead is counted separately",
    tool: "cachestat",
    workload: workload(...COLD),
    check: all(cold, nothingLost),
  }),
  onExt4({
    name: "pages that one read asks for are not read ahead, those of readahead(2) are",
    tool: "cachestat",
    workload: workload("cold_large", "cold_random", "half_large", "ahead", "warm_large"),
    check: exactly(["cold_large", "cold_random", "half_large", "ahead", "warm_large"]),
  }),
  onExt4({
    name: "pages that become dirty are those of nr_dirtied",
    tool: "cachestat",
    workload: workload("dirty"),
    check: all(exactly([]), dirtied),
  }),
  onExt4({
    name: "--by process has the counts of each process",
    tool: "cachestat",
    options: ["--by", "process"],
    workload: workload(...ASKED, "dirty"),
    check: all(exactly(ASKED), byProcess),
  }),
  onExt4({
    name: "--by file has the counts of each file",
    tool: "cachestat",
    options: ["--by", "file"],
    workload: workload(...ASKED, "dirty"),
    check: byFile,
  }),
];
