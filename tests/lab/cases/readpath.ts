/**
 * readpath against reads.c, writes.c, paths.c and dirty.c.
 *
 * @module
 */
import { total } from "../../support/ticks.ts";
import * as dirty from "../../workloads/dirty.ts";
import * as paths from "../../workloads/paths.ts";
import * as reads from "../../workloads/reads.ts";
import * as writes from "../../workloads/writes.ts";
import type { Case, Check, Outcome } from "../case.ts";
import type { Counts } from "../../support/ticks.ts";
import { all, nothingLost, printedNumber, sum, sums } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";
import { prepared } from "./prepared.ts";
import { onExt4 } from "./slow.ts";

const calls = (func: string, count: number): Check => sums({ calls: count }, { func });

const expectedOutcomes = (outcome: Outcome) => reads.outcomes(printedNumber(outcome, "direct"));

const outcomes: Check = all(
  (outcome) =>
    Object.entries(expectedOutcomes(outcome)).flatMap(([func, count]) => calls(func, count)(outcome)),
  nothingLost,
);

/** All reads, by the name of the tier's function. */
const allReads = (func: string): Check => (outcome) => calls(func, total(expectedOutcomes(outcome)))(outcome);

/** The file system has O_DIRECT. */
const direct: Check = (outcome) =>
  printedNumber(outcome, "direct") === reads.DIRECT ? [] : ["there were no reads with O_DIRECT"];

/** Until 5.11 the function that reads from the page cache has another name, and those that it calls are inlined. */
const innerFunctions: Check = (outcome) => {
  const old = outcome.context.version === "5.10";
  return all(
    allReads("vfs_read"),
    calls(old ? "generic_file_buffered_read" : "filemap_read", reads.filemapReads),
    calls("page_cache_sync_ra", reads.misses),
    old ? () => [] : calls("filemap_get_pages", reads.hits + reads.misses),
  )(outcome);
};

/** An inner function takes no longer than the reads that call it. */
const times: Check = (outcome) => {
  const outer = sum(outcome, "time_us", { func: "vfs_read" });
  const inner = sum(outcome, "time_us", { func: "filemap_read" });
  return inner <= outer && outer > 0 ? [] : [`filemap_read took ${inner} of the ${outer} us of vfs_read`];
};

const callsIn = (outcome: Outcome) => (func: string): number => sum(outcome, "calls", { func });

const printedWrites = (outcome: Outcome) => ({
  direct: printedNumber(outcome, "direct"),
  delayed: printedNumber(outcome, "delayed"),
});

/** Each outcome of writes, and all writes by the kernel's account. */
const writeOutcomes: Check = all((outcome) => {
  const expected = writes.outcomes(printedWrites(outcome));
  const made = writes.accounted(printedNumber(outcome, "syscw"));
  return [
    ...writes.differences(expected, callsIn(outcome)),
    ...total(expected) === made ? [] : [`the kernel accounts ${made} writes, not ${total(expected)}`],
  ];
}, nothingLost);

/** Writes by the functions, or system calls, in which they start. */
const startedWrites = (single: string, vectored: string): Check => (outcome) =>
  all(
    calls(single, total(writes.outcomes(printedWrites(outcome))) - writes.vectored),
    calls(vectored, writes.vectored),
  )(outcome);

/** A write to the page cache calls generic_perform_write; a synchronous one also vfs_fsync_range, which takes less time. */
const writeFunctions: Check = (outcome) => {
  const { "write: buffered": buffered, "write: delalloc": delayed, "write: sync": sync } = writes.outcomes(
    printedWrites(outcome),
  ) as Record<string, number>;
  const timeOf = (func: string): number => sum(outcome, "time_us", { func });
  const flushing = timeOf("vfs_fsync_range");
  return [
    ...calls("generic_perform_write", buffered! + delayed! + sync!)(outcome),
    ...calls("vfs_fsync_range", sync!)(outcome),
    ...flushing > 0 && flushing <= timeOf("write: sync") ? [] : [`vfs_fsync_range took ${flushing} us`],
  ];
};

/** The file system is ext4, with O_DIRECT and delayed allocation. */
const onDisk: Check = (outcome) => {
  const { direct, delayed } = printedWrites(outcome);
  return direct === writes.DIRECT && delayed === writes.GROWING
    ? calls("ext4_da_reserve_space", delayed)(outcome)
    : ["there were no direct or no delayed writes"];
};

/** Each write has one outcome; those that were throttled slept, as the kernel's account of the workload shows. */
const throttled: Check = (outcome) => {
  const callsOf = callsIn(outcome);
  const all = ["write: throttled", "write: delalloc", "write: buffered"].reduce(
    (all, func) => all + callsOf(func),
    0,
  );
  const slept = callsOf("write: throttled");
  const most = printedNumber(outcome, "slept");
  return [
    ...all === dirty.WRITES ? [] : [`${all} writes, not ${dirty.WRITES}`],
    ...slept > 0 && slept <= most ? [] : [
      `${slept} writes were throttled, the workload slept ${most} times, ` +
      `balance_dirty_pages was reached ${callsOf("balance_dirty_pages")} times`,
    ],
  ];
};

/** The kernel's default, which replaces the limit that the workload sets. */
const RESTORE_LIMIT = {
  prepare: "test -w /proc/sys/vm/dirty_bytes",
  undo: "echo 20 > /proc/sys/vm/dirty_ratio",
};

const eachOf = (counts: Counts): Check =>
  all(...Object.entries(counts).map(([func, count]) => calls(func, count)));

/** A name that the directory cache lacks is asked for once; the functions of an open take less time than the open. */
const openFunctions: Check = (outcome) => {
  const walking = sum(outcome, "time_us", { func: "path_openat" });
  const whole = Object.keys(paths.syscalls).reduce((all, func) => all + sum(outcome, "time_us", { func }), 0);
  const callsOf = callsIn(outcome);
  // do_file_open, which replaced do_filp_open, also reads the path.
  const unreadable = callsOf("do_file_open") > 0 ? paths.unreadable : 0;
  const reached = callsOf("do_filp_open") + callsOf("do_file_open") - unreadable;
  return [
    ...walking > 0 && walking <= whole ? [] : [`path_openat took ${walking} of the ${whole} us of opens`],
    ...reached === paths.walks ? [] : [`${reached} opens reached the path walk, not ${paths.walks}`],
  ];
};

const lab = ["5.10", "6.1", "6.12", "7.2"];

export const readpathCases: readonly Case[] = [
  workloadCase({
    name: "reads that hit and miss the page cache are counted separately, and functions by name",
    tool: "readpath",
    workload: ["reads", "ramfs"],
    cells: ["fentry", "kprobe"],
    kernels: lab,
    native: false,
    check: all(outcomes, innerFunctions, times),
  }),
  workloadCase({
    name: "reads that hit and miss the page cache are counted separately by tracepoints",
    tool: "readpath",
    workload: ["reads", "ramfs"],
    cells: ["tracepoint"],
    kernels: lab,
    native: false,
    check: all(outcomes, allReads("read")),
  }),
  onExt4({
    name: "reads with O_DIRECT do not count as hits",
    tool: "readpath",
    workload: ["reads", "/tmp/disk"],
    check: all(outcomes, direct),
  }),
  workloadCase({
    name: "writes are counted by what became of them, and functions by name",
    tool: "readpath",
    options: ["--call", "write"],
    workload: ["writes", "ramfs"],
    cells: ["fentry", "kprobe"],
    kernels: lab,
    native: false,
    check: all(writeOutcomes, startedWrites("vfs_write", "vfs_writev"), writeFunctions),
  }),
  workloadCase({
    name: "writes are counted by what became of them by tracepoints",
    tool: "readpath",
    options: ["--call", "write"],
    workload: ["writes", "ramfs"],
    cells: ["tracepoint"],
    kernels: lab,
    native: false,
    check: all(writeOutcomes, startedWrites("write", "writev")),
  }),
  onExt4({
    name: "writes with O_DIRECT, to the disk and to blocks that ext4 allocates later are counted",
    tool: "readpath",
    options: ["--call", "write"],
    workload: ["writes", "/tmp/disk"],
    check: all(writeOutcomes, onDisk),
  }),
  workloadCase({
    name: "opens are counted by system call and by how they found their file, and functions by name",
    tool: "readpath",
    options: ["--call", "open"],
    workload: ["paths"],
    cells: ["fentry", "kprobe"],
    kernels: lab,
    native: false,
    check: all(eachOf(paths.outcomes), eachOf(paths.syscalls), openFunctions, nothingLost),
  }),
  workloadCase({
    name: "opens are counted by system call and by how they ended by tracepoints",
    tool: "readpath",
    options: ["--call", "open"],
    workload: ["paths"],
    cells: ["tracepoint"],
    kernels: lab,
    native: false,
    check: all(eachOf(paths.tracepointOutcomes), eachOf(paths.syscalls), nothingLost),
  }),
  prepared(
    RESTORE_LIMIT,
    onExt4({
      name: "writes that sleep because too many pages are dirty count as throttled",
      tool: "readpath",
      options: ["--call", "write"],
      workload: ["dirty", "/tmp/disk"],
      check: all(throttled, calls("write: other", 1), nothingLost),
    }),
  ),
];
