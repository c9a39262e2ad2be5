/**
 * What users.c does as each user.
 *
 * @module
 */
import type { Counts } from "../support/ticks.ts";

/** The name of its processes. */
export const COMM = "of-users";

/** Bytes of one write. */
export const WRITE_BYTES = 512;

const of = (nobody: number, other: number): Counts => ({ "65534 nobody": nobody, "54321 54321": other });

/** Counts by id alone: machines name users differently. */
export const byId = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).map(([user, count]) => [user.split(" ")[0]!, count]));

/** By id and name: "file" is opened. Includes a process that changes its user. */
export const OPENS: Counts = { ...of(13 + 31, 19), "0 root": 29 };
export const EXECS = of(3, 5);
export const WRITES = of(17, 23);
export const DIRECT_READS = of(7, 11);
export const CONNECTS = of(5, 2);
