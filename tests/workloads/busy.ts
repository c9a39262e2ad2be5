/**
 * What profile reports for busy.c.
 *
 * @module
 */
import type { Row } from "../support/ticks.ts";

/** CPU time that the workload uses, seconds. */
export const SECONDS = 4;

/** The frames of a stack of the program alone, outermost first; null if the sample was taken in the kernel. */
function userFrames({ stack }: Row): readonly string[] | null {
  const frames = String(stack).split(";");
  return frames.some((name) => /^(asm_|entry_|do_syscall|el0)/.test(name)) ? null : frames;
}

/**
 * The samples in heavy() and light(), distinguished by depth, because the first stacks of a process have no names yet: light() has one
 * caller more, and the program computes in no other function.
 */
export function samplesByFunction(rows: readonly Row[]): { readonly heavy: number; readonly light: number } {
  const samples = new Map<number, number>();
  for (const row of rows) {
    const depth = userFrames(row)?.length;
    if (depth !== undefined) samples.set(depth, (samples.get(depth) ?? 0) + Number(row.samples));
  }
  const [depth, heavy] = [...samples].toSorted((a, b) => b[1] - a[1])[0] ?? [0, 0];
  return { heavy, light: samples.get(depth + 1) ?? 0 };
}

/** Whether rows name the two functions. */
export const areNamed = (rows: readonly Row[]): boolean =>
  ["heavy", "light"].every((name) => rows.some((row) => userFrames(row)?.at(-1) === name));
