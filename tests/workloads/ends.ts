/**
 * What execsnoop --exit reports for the children of ends.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** How long the slow child sleeps, milliseconds. */
export const SLEPT_MS = 60;

/**
 * Rows by the arguments of the program and its end.
 *
 * @param both the exit code that ends printed
 */
export const ends = (both: number): Counts => ({
  "code 0: 0": 13,
  "code 7: 7": 11,
  "code 137: 137": 3,
  "code 255: 255": 2,
  "signal 9: SIGKILL": 7,
  "signal 15: SIGTERM": 3,
  "signal 11: SIGSEGV": 2,
  "signal 40: SIG40": 2,
  "crowd 9: SIGKILL": 2,
  "plain 23: 23": 3,
  "again 3: exec": 5,
  "code 3: 3": 5,
  "thread 5: exec": 2,
  "code 5: 5": 2,
  "leader 4: 4": 2,
  [`both 0: ${both}`]: 2,
  "fails 6: 6": 3,
  "slow 0: 0": 1,
  "stays 1: -": 1,
  "stays 2: -": 1,
});

/** Rows of failed calls, which -x adds. */
export const failures: Counts = { "-2 absent: -": 3 };

/** Arguments and end of a row; of a failed call with its result. */
export function argumentsAndEnd({ ret, args, exit }: Row): string {
  const words = String(args).replace(/^\/.*\/ends /, "");
  return `${ret === 0 ? "" : `${ret} `}${words}: ${exit ?? "-"}`;
}

/** Rows whose code, signal and end do not agree, or whose duration cannot be. */
export function contradictions(rows: readonly Row[]): Row[] {
  return rows.filter(({ ret, args, exit, exit_code: code, signal, dur_ms: ms }) => {
    const least = String(args).includes(" slow ") ? SLEPT_MS : 0;
    if (ret !== 0 ? ms !== null : !(Number(ms) > least)) return true;
    if (code !== null) return signal !== null || exit !== String(code);
    return signal === null ? exit !== null && exit !== "exec" : !String(exit).startsWith("SIG");
  });
}
