/**
 * readpath: the reads of `tests/workloads/reads.c`, and what the page cache had.
 *
 * @module
 */
import type { Case, Check } from "../case.ts";
import { all, nothingLost, printedNumber, sum, sums } from "../checks.ts";
import { counting } from "./counting.ts";
import { onDisk } from "./slow.ts";

const hits = 101;
const misses = 13;
/** What the page cache has no part in, beside O_DIRECT: /proc, at the end of a file, EFAULT. */
const others = 23 + 29 + 31;

const calls = (func: string, count: number): Check => sums({ calls: count }, { func });

const outcomes: Check = all(
  calls("read: hit", hits),
  calls("read: miss", misses),
  calls("read: readahead", 0),
  (outcome) => calls("read: other", others + printedNumber(outcome, "direct"))(outcome),
  nothingLost,
);

/** All reads, in the words of the tier. */
const reads = (func: string): Check => (outcome) =>
  calls(func, hits + misses + others + printedNumber(outcome, "direct"))(outcome);

/** The file system has O_DIRECT. */
const direct: Check = (outcome) =>
  printedNumber(outcome, "direct") === 43 ? [] : ["there were no reads with O_DIRECT"];

/** The function that reads from the page cache has another name until 5.11, and its inner ones are not seen there. */
const inner: Check = (outcome) => {
  const old = outcome.context.kernel === "5.10";
  return all(
    reads("vfs_read"),
    calls(old ? "generic_file_buffered_read" : "filemap_read", hits + misses + 29),
    calls("page_cache_sync_ra", misses),
    old ? () => [] : calls("filemap_get_pages", hits + misses),
  )(outcome);
};

/** The functions inside take no longer than the reads they are in. */
const times: Check = (outcome) => {
  const reads = sum(outcome, "time_us", { func: "vfs_read" });
  const within = sum(outcome, "time_us", { func: "filemap_read" });
  return within <= reads && reads > 0 ? [] : [`filemap_read took ${within} of the ${reads} us of vfs_read`];
};

const lab = ["5.10", "6.1", "6.12", "7.2"];

export const readpathCases: readonly Case[] = [
  counting({
    name: "hits and misses are told apart, and functions counted",
    tool: "readpath",
    workload: ["reads", "ramfs"],
    cells: ["fentry", "kprobe"],
    kernels: lab,
    native: false,
    check: all(outcomes, inner, times),
  }),
  counting({
    name: "hits and misses are told apart by tracepoints",
    tool: "readpath",
    workload: ["reads", "ramfs"],
    cells: ["tracepoint"],
    kernels: lab,
    native: false,
    check: all(outcomes, reads("read")),
  }),
  onDisk({
    name: "reads with O_DIRECT are no hits",
    tool: "readpath",
    workload: ["reads", "/tmp/disk"],
    check: all(outcomes, direct),
  }),
];
