/**
 * What cachestat reports for pages.c.
 *
 * @module
 */
import type { Counts } from "../support/ticks.ts";

/** Pages of the file. */
export const PAGES = 1009;
/** Pages of the file that are in the cache before it is read at once (half_large). */
const HALF = 500;
/** New pages of the file that is written. More become dirty if some are written back before they are written again. */
export const DIRTIED = 211;

/** Ways to ask for pages that are in the cache. */
export const WARM = ["warm_read", "warm_large", "warm_pread", "warm_mmap", "warm_sendfile"] as const;

/** Ways to ask for pages that are not in the cache and that read-ahead adds some at a time. */
export const COLD = ["cold_read", "cold_mmap", "cold_sendfile"] as const;

/** Pages by way, where read-ahead adds none that have not been asked for, or only such. */
export const exact: Readonly<Record<string, Counts>> = {
  warm_read: { hits: PAGES, misses: 0, readahead: 0, mmap: 0, dirties: 0 },
  warm_large: { hits: PAGES, misses: 0, readahead: 0, mmap: 0, dirties: 0 },
  warm_pread: { hits: PAGES, misses: 0, readahead: 0, mmap: 0, dirties: 0 },
  warm_mmap: { hits: PAGES, misses: 0, readahead: 0, mmap: PAGES, dirties: 0 },
  warm_sendfile: { hits: PAGES, misses: 0, readahead: 0, mmap: 0, dirties: 0 },
  cold_large: { hits: 0, misses: PAGES, readahead: 0, mmap: 0, dirties: 0 },
  cold_random: { hits: 0, misses: PAGES, readahead: 0, mmap: 0, dirties: 0 },
  half_large: { hits: HALF, misses: PAGES, readahead: 0, mmap: 0, dirties: 0 },
  ahead: { hits: 0, misses: PAGES, readahead: PAGES, mmap: 0, dirties: 0 },
};

/** The sums of several ways, and the pages that became dirty. */
export function exactSums(ways: readonly string[], dirties = 0): Counts {
  const keys = Object.keys(exact.ahead!);
  const sums = keys.map((key) => [key, ways.reduce((sum, way) => sum + exact[way]![key]!, 0)]);
  return { ...Object.fromEntries(sums), dirties };
}
