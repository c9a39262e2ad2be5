/**
 * What execsnoop reports for execs.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** Arguments that execsnoop reports without --max-args. */
const DEFAULT_MAX_ARGS = 20;

/** Failed calls by result and arguments. */
export const failedCalls: Counts = {
  "-2 absent x y": 11 + 5,
  [`-2 absent ${"x".repeat(4095)} ...`]: 3,
  // No argument starts after 8 kB of strings.
  [`-2 absent${` ${"y".repeat(1000)}`.repeat(9)} ...`]: 2,
};

/** Successful calls by result and arguments, when at most `maxArgs` arguments are reported. */
export function successfulCalls(maxArgs = DEFAULT_MAX_ARGS): Counts {
  return {
    "0 EXECS step N": 13,
    "0 /dev/fd/9 step N": 7,
    "0 /dev/fd/8/link step N": 3,
    "0 ./script N one": 2,
    // Three of the arguments are "EXECS step N".
    [`0 EXECS step N${" more".repeat(maxArgs - 3)} ...`]: 1,
  };
}

/** The calls of the script by result and quoted arguments. */
export const quotedScriptCalls: Counts = {
  '0 "./script" "24" "one"': 1,
  '0 "./script" "25" "one"': 1,
};

/** Result and arguments of a row; EXECS is the path of the workload, N the number of a step. */
export const resultAndArguments = ({ ret, args }: Row): string =>
  `${ret} ${args}`.replace(/ \/.*?\/execs /, " EXECS ").replace(/ \d+(?= |$)/, " N");
