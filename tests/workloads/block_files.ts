/**
 * What biosnoop and biotop report for block_files.c.
 *
 * @module
 */
import { type Row, sumColumn } from "../support/ticks.ts";

/** Bytes of a page. */
export const PAGE = 4096;

/** Pages that the child `one` writes, by file; the child `reader` reads those of READ_FILE. */
export const WRITTEN: Readonly<Record<string, number>> = {
  written: 101,
  first: 53,
  second: 59,
  mapped: 61,
  deleted: 43,
};
export const READ_FILE = "written";

/** Pages of `halves` that the children `one` and `two` write. */
export const HALVES = { one: 37, two: 46 };

/** Pages that the workload itself reads and writes directly, and pages of `source` that it writes back. */
export const DIRECT = { reads: 29 + 23, writes: 47 + 31 + 13 };
export const SOURCE_WRITES = 23 + 13;

/** Process ids of the workload and of its children. */
export interface Pids {
  readonly own: number;
  readonly one: number;
  readonly two: number;
}

/** Whether biosnoop's row is a read or write (`R`, `W`) of a file. */
export const isOf = (letter: string, file: string | null) => (row: Row): boolean =>
  row.type === letter && row.file === file;

/**
 * What is wrong with biosnoop's rows on any file system. Requests on files that are next to each other on the disk may be merged,
 * and then have no file; those of `deleted`, `source` and the reader are not, because nothing else is read or written then.
 */
export function wrongFiles(rows: readonly Row[], { own, one, two }: Pids): string[] {
  const writers: Record<string, readonly [pid: number, comm: string][]> = {
    source: [[own, "block_files"]],
    halves: [[one, "one"], [two, "two"]],
  };
  for (const file of Object.keys(WRITTEN)) writers[file] = [[one, "one"]];
  const wrong = rows.filter(({ type, file, writer_pid, writer_comm }) =>
    type === "W" && typeof file === "string" && file in writers &&
    !(file === "halves" && writer_pid === null) &&
    !writers[file]!.some(([pid, comm]) => pid === writer_pid && comm === writer_comm)
  );
  const wrongReads = rows.filter((row) =>
    isOf("R", READ_FILE)(row) && (row.comm !== "reader" || row.writer_pid !== null)
  );
  const pages = (letter: string, file: string, expected: number): string[] => {
    const found = sumColumn(rows, "bytes", isOf(letter, file)) / PAGE;
    return found === expected ? [] : [`${found} pages of ${file}, not ${expected}`];
  };
  return [
    ...[...wrong, ...wrongReads].map((row) => `the wrong process: ${JSON.stringify(row)}`),
    ...pages("W", "deleted", WRITTEN.deleted!),
    ...pages("W", "source", SOURCE_WRITES),
    ...pages("R", READ_FILE, WRITTEN[READ_FILE]!),
  ];
}
