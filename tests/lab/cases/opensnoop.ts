/**
 * opensnoop: every way to open, by path and result (`tests/workloads/opens.c`), and more events than the ring takes.
 *
 * @module
 */
import type { Case, Check } from "../case.ts";
import { all, losses, nothingLost, printedNumber } from "../checks.ts";
import { counting } from "./counting.ts";
import { rowCounts } from "./rows.ts";

/** Opens of `opens` by path, descriptor or -1, and error: without -F. */
const given = {
  "file 0": 11 + 13 + 7,
  "new 0": 5,
  "made 0": 3,
  "inner 0": 17,
  "../up 0": 2,
  "absent 2": 19 + 23,
  "null 14": 29,
  "thread 0": 31,
};

/** The same with -F. `DIR` stands for the workload's directory. */
const full = {
  "DIR/file 0": 11 + 13 + 7,
  "DIR/new 0": 5,
  "DIR/made 0": 3,
  "DIR/mnt/deep/er/inner 0": 17,
  "DIR/mnt/deep/er/../up 0": 2,
  "DIR/absent 2": 19,
  "DIR/mnt/deep/er/absent 2": 23,
  "null 14": 29,
  "DIR/thread 0": 31,
};

const byPath = (row: Readonly<Record<string, unknown>>): string =>
  `${String(row.path).replace(/^\/tmp\/ktop-lab-opens-\d+/, "DIR")} ${row.err}`;

/** Received and lost are the opens that were made. */
const conservedOpens: Check = (outcome) => {
  const received = outcome.ticks.flatMap(({ rows }) => rows).length, lost = losses(outcome).events;
  const made = printedNumber(outcome, "made");
  return received + lost === made ? [] : [`${received} received and ${lost} lost are not the ${made} made`];
};

export const opensnoopCases: readonly Case[] = [
  counting({
    name: "every open call is reported with its path and result",
    tool: "opensnoop",
    workload: ["opens"],
    check: all(rowCounts(given, byPath), nothingLost),
  }),
  counting({
    name: "full paths honour the directory and cross mounts",
    tool: "opensnoop",
    options: ["-F"],
    workload: ["opens"],
    check: all(rowCounts(full, byPath), nothingLost),
  }),
  counting({
    name: "-x reports the calls that failed",
    tool: "opensnoop",
    options: ["-x"],
    workload: ["opens"],
    check: all(rowCounts({ "absent 2": 19 + 23, "null 14": 29 }, byPath), nothingLost),
  }),
  counting({
    name: "flags and modes are those of the call, and -f chooses by them",
    tool: "opensnoop",
    options: ["-f", "O_RDWR,O_CREAT"],
    workload: ["opens"],
    check: all(
      rowCounts({
        "file 00000002 null": 7,
        "new 00001101 0640": 5,
        "made 00000302 0600": 3,
      }, (row) => `${row.path} ${row.flags} ${row.mode}`),
      nothingLost,
    ),
  }),
  counting({
    name: "a flood loses no count: received and lost are what was made",
    tool: "opensnoop",
    // One short column: a guest's serial line is slow.
    options: ["--fields", "fd"],
    workload: ["flood", "100003"],
    cells: ["default"],
    interval: 3,
    check: conservedOpens,
  }),
];
