/**
 * Every way to read, write and open a file (ways.c), as the tables in bpf/README.md say.
 *
 * @module
 */
import type { TierName } from "../../../src/model/mod.ts";
import { type Row, rowsOf, sumColumn } from "../../support/ticks.ts";
import { expectedOpens } from "../../workloads/name_ways.ts";
import * as ways from "../../workloads/ways.ts";
import type { Case, Check, Outcome } from "../case.ts";
import { all, differences, nothingLost, printedNumber, rowCounts, sum } from "../checks.ts";
import { onExt4 } from "./slow.ts";
import { workloadCase } from "./workload_case.ts";

const tierOf = ({ ticks }: Outcome): TierName => ticks[0]!.tier as TierName;

const abilities = (outcome: Outcome): ways.Abilities => ({
  compat: printedNumber(outcome, "compat"),
  direct: printedNumber(outcome, "direct"),
  major: printedNumber(outcome, "major"),
  minor: printedNumber(outcome, "minor"),
});

/** On ext4, which always has direct I/O. */
const filesOfCalls = (outcome: Outcome): Record<string, readonly [number, number]> =>
  ways.expectedFiles("fsslower, fsdist", tierOf(outcome), { ...abilities(outcome), direct: 1 });

/** Requests that only the io_uring_complete tracepoint shows: not on 5.10, and not when another tier is forced. */
const RING = ["uring", "uring_vector", "uring_fixed"];

function unseenRequests({ context: { version, cell, unforced } }: Outcome): readonly string[] {
  return version === "5.10" || (!unforced && (cell === "fentry" || cell === "kprobe")) ? RING : [];
}

function filesOfIo(outcome: Outcome): Record<string, readonly [number, number]> {
  const files = ways.expectedFiles("filetop, dirtop", tierOf(outcome), abilities(outcome));
  for (const file of unseenRequests(outcome)) delete files[file];
  return files;
}

/** Compares reads and writes by file; `counts`: those of a row. */
function byFile(
  expected: (outcome: Outcome) => Readonly<Record<string, readonly [number, number]>>,
  counts: (row: Row) => readonly [number, number],
): Check {
  return (outcome) => {
    const found: Record<string, number> = {};
    for (const row of rowsOf(outcome.ticks)) {
      const [reads, writes] = counts(row);
      const file = ways.fileName(row.file);
      found[`${file} reads`] = (found[`${file} reads`] ?? 0) + reads;
      found[`${file} writes`] = (found[`${file} writes`] ?? 0) + writes;
    }
    const wanted = Object.entries(expected(outcome)).flatMap(([file, [reads, writes]]) => [
      [`${file} reads`, reads],
      [`${file} writes`, writes],
    ]);
    return differences(found, Object.fromEntries(wanted));
  };
}

/** Compares the sum of a column over the rows with these values. */
const total = (
  key: string,
  expected: (outcome: Outcome) => number,
  filter: Readonly<Record<string, string>> = {},
): Check =>
(outcome) => {
  const found = sum(outcome, key, filter);
  const name = [...Object.values(filter), key].join(" ");
  return found === expected(outcome) ? [] : [`${name} is ${found}, not ${expected(outcome)}`];
};

/** The times of all requests of Linux AIO add up to less than what the workload measured around them. */
const aioWithinMeasured: Check = (outcome) => {
  if (tierOf(outcome) === "tracepoint") return [];
  const rows = rowsOf(outcome.ticks).filter(({ file }) => String(file).startsWith("aio"));
  const [found, most] = [sumColumn(rows, "lat_ms") * 1e6, printedNumber(outcome, "aio_ns")];
  return found > 0 && found <= most ? [] : [`Linux AIO took ${found} ns, the workload measured ${most}`];
};

const NAME = "each way to read, write and open a file is seen as the tables of ways say";

export const waysCases: readonly Case[] = [
  workloadCase({
    name: NAME,
    tool: "filetop",
    workload: ["ways"],
    check: all(byFile(filesOfIo, ({ reads, writes }) => [Number(reads), Number(writes)]), nothingLost),
  }),
  workloadCase({
    name: NAME,
    tool: "dirtop",
    workload: ["ways"],
    options: ["-d", "/tmp"],
    check: all(
      total("reads", (outcome) => ways.sumOf(filesOfIo(outcome), 0, ["memfd:ways"])),
      total("writes", (outcome) => ways.sumOf(filesOfIo(outcome), 1, ["memfd:ways"])),
      nothingLost,
    ),
  }),
  workloadCase({
    name: NAME,
    tool: "fileslower",
    options: ["0"],
    workload: ["ways"],
    check: all(
      byFile(
        (outcome) => ways.expectedFiles("fileslower", tierOf(outcome), abilities(outcome)),
        ({ direction }) => direction === "R" ? [1, 0] : [0, 1],
      ),
      aioWithinMeasured,
      nothingLost,
    ),
  }),
  onExt4({
    name: "direct Linux AIO is timed until it has completed",
    tool: "fileslower",
    options: ["0"],
    cells: ["fentry", "kprobe"],
    workload: ["ways", "/tmp/disk"],
    check: all(
      rowCounts(
        { "aio_direct R": 7, "aio_direct W": 5 },
        ({ file, direction }) => file === "aio_direct" ? `${file} ${direction}` : null,
      ),
      aioWithinMeasured,
      nothingLost,
    ),
  }),
  onExt4({
    name: NAME,
    tool: "fsslower",
    options: ["0", "-t", "ext4"],
    workload: ["ways", "/tmp/disk"],
    check: all(
      byFile(filesOfCalls, ({ operation }) => [operation === "R" ? 1 : 0, operation === "W" ? 1 : 0]),
      nothingLost,
    ),
  }),
  onExt4({
    name: NAME,
    tool: "fsdist",
    options: ["-t", "ext4"],
    workload: ["ways", "/tmp/disk"],
    check: all(
      total("count", (outcome) => ways.sumOf(filesOfCalls(outcome), 0), { operation: "read" }),
      total("count", (outcome) => ways.sumOf(filesOfCalls(outcome), 1), { operation: "write" }),
      nothingLost,
    ),
  }),
  workloadCase({
    name: NAME,
    tool: "vfsstat",
    workload: ["ways"],
    check: all(
      total("read", (outcome) => ways.vfsstatCounts(tierOf(outcome), abilities(outcome)).READ),
      total("write", (outcome) => ways.vfsstatCounts(tierOf(outcome), abilities(outcome)).WRITE),
      nothingLost,
    ),
  }),
  workloadCase({
    name: NAME,
    tool: "opensnoop",
    workload: ["ways"],
    check: all(
      rowCounts(
        (outcome) => expectedOpens("opensnoop", tierOf(outcome), abilities(outcome)),
        ({ path }) => String(path).replace(/^\/tmp\/ktop-lab-ways-\d+/, "DIR"),
      ),
      nothingLost,
    ),
  }),
];
