/**
 * What readpath reports for reads.c.
 *
 * @module
 */
import type { Counts } from "../support/ticks.ts";

/** Reads with O_DIRECT, if the file system supports it. */
export const DIRECT = 43;

/** Reads at the end of a file. */
const atEnd = 29;

/** Reads that find their page in the page cache, and those that do not. */
export const hits = 101;
export const misses = 13;

/** Calls by outcome; `direct` is what the workload printed. */
export function outcomes(direct: number): Counts {
  return {
    "read: hit": hits,
    "read: readahead": 0,
    "read: miss": misses,
    // Of /proc, at the end of a file, with EFAULT.
    "read: other": direct + 23 + atEnd + 31,
  };
}

/** Calls of filemap_read, which ends without filemap_get_pages at the end of a file. */
export const filemapReads = hits + misses + atEnd;
