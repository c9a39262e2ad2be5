/**
 * What filelife reports for lives.c, reused.c and fused.c: how many files, by the prefix of their names.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** Files of lives.c that are reported on every tier. */
export const files: Counts = {
  short: 43 + 47 + 13,
  aged: 1,
  before: 0,
  moved: 5,
  source: 0,
  target: 7,
  swapped: 3,
  partner: 3,
  again: 0,
  away: 3,
  twice: 0,
};

/** Names of lives.c that are reported on no tier: they existed before, or were not removed. */
export const neverReported: Counts = { old: 0, absent: 0, directory: 0, stays: 0 };

/** Files of lives.c that only the tiers fentry and kprobe report: made by mknod(2), or with two links. */
export const filesByInode: Counts = { node: 17, linked: 0, other: 7, second: 2 };

/** How long "aged" lives at least, seconds. */
export const AGED_S = 0.12;

/** Files of reused.c: what takes over the inode number of a replaced file is not taken for that file. */
export const filesOfReused: Counts = { victim: 3 * 7, symlink: 0, socket: 0, tmpfile: 0 };

/** How a name of 300 bytes is shown: 255 bytes and the mark of a cut. */
export const LONG = `${"l".repeat(255)}\\…`;

/** Files of fused.c, on a FUSE file system that opens and creates in one operation. */
export const filesOfFused: Counts = { made: 7, there: 0, [LONG]: 1 };

/** How many files, each with a different name, the rows of a run have for each prefix; NaN if a name came twice. */
export function countFiles(rows: readonly Row[], prefixes: Counts): Counts {
  return Object.fromEntries(
    Object.keys(prefixes).map((prefix) => {
      const names = rows.map(({ file }) => String(file)).filter((name) => name.startsWith(prefix));
      return [prefix, new Set(names).size === names.length ? names.length : NaN];
    }),
  );
}
