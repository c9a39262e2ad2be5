/**
 * What readpath reports for paths.c.
 *
 * @module
 */
import type { Counts } from "../support/ticks.ts";

const hits = 53 + 47 + 7 + 3 + 2;
const lookups = 13 + 11 + 5;

/** Calls by outcome, except how files were found. */
const others: Counts = { "open: created": 17 + 19, "open: failed": 23 + 29 + 31 + 37 };

/** Calls by outcome, where the functions inside are seen; and where they are not. */
export const outcomes: Counts = {
  ...others,
  "open: hit": hits,
  "open: lookup": lookups,
  "open: opened": 0,
};
export const tracepointOutcomes: Counts = {
  ...others,
  "open: hit": 0,
  "open: lookup": 0,
  "open: opened": hits + lookups,
};

const hasOpen = Deno.build.arch === "x86_64";

/** Calls by system call. */
export const syscalls: Counts = {
  open: hasOpen ? 53 + 13 + 29 : 0,
  creat: hasOpen ? 2 + 19 : 0,
  openat: 47 + 3 + 11 + 17 + 23 + 31 + (hasOpen ? 0 : 53 + 13 + 29 + 2 + 19),
  openat2: 7 + 5 + 37,
};

/** Calls whose path cannot be read; and those with right arguments. */
export const unreadable = 29;
export const walks = hits + lookups + 17 + 19 + 23 + 31;
