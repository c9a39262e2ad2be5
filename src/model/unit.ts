/**
 * Units of columns.
 *
 * @module
 */

/** What a number or text measures; decides how text shows it (src/model/format.ts). */
export type Unit =
  | "count" // a number of things in the interval
  | "bytes" // bytes in the interval
  | "kb" // held in bytes, shown as KiB (BCC's R_Kb)
  | "us" // microseconds
  | "ms" // milliseconds
  | "s" // seconds
  | "pct" // 0 to 100
  | "id" // a number that is a name: pid, cpu, inode
  | "time" // wall clock: ISO 8601 in JSON, HH:MM:SS in text
  | "text"; // comm, file name, type letter
