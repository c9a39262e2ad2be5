/**
 * What syscount reports for mixed_calls.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** Calls by the entry of 32-bit programs, where the kernel has it. */
export const CALLS32 = 17;
/** A number above those of all calls, and how often the workload calls number -1. */
export const INVALID = "9999", WITHOUT_NUMBER = 5;

/** Calls that fail, by name; "null" for numbers that are not valid. */
export const failures: Counts = {
  close: 101,
  faccessat: 211,
  rt_sigsuspend: 11,
  rt_sigreturn: 11,
  "#999": 2,
  null: 3 + WITHOUT_NUMBER,
};

/** The calls that a signal interrupted; rt_sigreturn restores their result. */
export const interrupted: Counts = { rt_sigsuspend: 11, rt_sigreturn: 11 };

/** Calls after the signal for which the workload waits, by name, and those of 32-bit programs that it printed. */
export const calls = (calls32: number): Counts => ({
  ...failures,
  getppid: 1009 + calls32,
  lseek: 503,
  rt_sigaction: 1,
  getpid: 1,
  rt_sigprocmask: 1,
  kill: 13 + 11,
  rt_sigreturn: 13 + 11,
  clone: 7,
  wait4: 7,
  nanosleep: 5,
  clock_gettime: 2,
  write: 1,
});

/** Calls by its child processes. */
export const childCalls: Counts = { getppid: 7 * 3 };

/** Sleeps of the workload together, at least. */
export const SLEPT_US = 5 * 20_000;

/** The call for which the workload waits, in flight when ktop attaches: -L does not count it. */
export const WAITING = "rt_sigtimedwait";

/** The sums of a column by call, without {@linkcode WAITING} and zeros. */
export function sumsByCall(rows: readonly Row[], column: string): Counts {
  const sums: Record<string, number> = {};
  for (const row of rows) {
    const name = String(row.syscall);
    sums[name] = (sums[name] ?? 0) + Number(row[column]);
  }
  return Object.fromEntries(Object.entries(sums).filter(([name, sum]) => name !== WAITING && sum !== 0));
}
