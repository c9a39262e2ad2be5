/**
 * What profile reports for busy.c.
 *
 * @module
 */
import { type Row, sumColumn } from "../support/ticks.ts";

/** CPU time that the workload uses, seconds. */
export const SECONDS = 4;

/** The frames of a stack of the program alone, outermost first; null if the sample was taken in the kernel. */
function userFrames({ stack }: Row): readonly string[] | null {
  const frames = String(stack).split(";");
  return frames.some((name) => /^(asm_|entry_|do_syscall|el0)/.test(name)) ? null : frames;
}

/**
 * The samples in heavy() and light(). Without names they are told apart by depth: light() has one caller more, and the program
 * computes in no other function.
 */
export function samplesByFunction(rows: readonly Row[]): { readonly heavy: number; readonly light: number } {
  const user = rows.filter((row) => userFrames(row) !== null);
  const last = (row: Row): string => userFrames(row)!.at(-1)!;
  if (user.some((row) => last(row) === "heavy")) {
    return {
      heavy: sumColumn(user, "samples", (row) => last(row) === "heavy"),
      light: sumColumn(user, "samples", (row) => last(row) === "light"),
    };
  }
  const depth = (row: Row): number => userFrames(row)!.length;
  const most = user.toSorted((a, b) => Number(b.samples) - Number(a.samples))[0]!;
  return {
    heavy: sumColumn(user, "samples", (row) => depth(row) === depth(most)),
    light: sumColumn(user, "samples", (row) => depth(row) === depth(most) + 1),
  };
}
