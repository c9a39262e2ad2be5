/**
 * The stacks of readpath: the call paths that led to a function.
 *
 * @module
 */
import type { SymbolTable } from "../../bpf/mod.ts";
import type { Stacks as FlameStacks } from "../../model/mod.ts";
import { growth } from "../lib/maps.ts";
import { foldedLine } from "../../text/mod.ts";
import { UNKNOWN_CALLERS } from "../../symbols/mod.ts";
import { kernelName, namesWithoutOwn } from "../lib/stack_frames.ts";

/** A function with one call path. */
export interface Stack {
  /** enum readpath_function */
  readonly function: number;
  /** Names of the functions, outermost first, the function itself last; empty if unknown. */
  readonly path: readonly string[];
  readonly calls: bigint;
  readonly selfNs: bigint;
}

/** Stacks by an id that is stable between samples. */
export type Stacks = ReadonlyMap<string, Stack>;

/** The growth of a stack in one interval. */
export interface GrownStack {
  readonly stack: Stack;
  readonly calls: number;
  readonly selfNs: number;
}

/**
 * The names of the functions of a stack, outermost first, without the frames of BPF.
 *
 * @param stack addresses, innermost first; zeros follow the last one unless the stack is full and may have been cut
 */
export function pathOfAddresses(stack: readonly bigint[], symbols: SymbolTable | null): string[] {
  const end = stack.indexOf(0n);
  const addresses = end < 0 ? stack : stack.slice(0, end);
  const nameOf = (address: bigint): string => kernelName(address, symbols);
  const path = namesWithoutOwn(addresses, nameOf, { isOfProgram: true }).toReversed();
  return end < 0 ? [UNKNOWN_CALLERS, ...path] : path;
}

/** The stacks that grew, most calls first. */
export function grownStacks(now: Stacks, before: Stacks): GrownStack[] {
  return [...now].map(([id, stack]) => {
    const old = before.get(id);
    return {
      stack,
      calls: growth(stack.calls, old?.calls ?? 0n),
      selfNs: growth(stack.selfNs, old?.selfNs ?? 0n),
    };
  }).filter(({ calls }) => calls > 0).sort((a, b) => b.calls - a.calls);
}

/** The path without the frames that all calls share: those outside the function that reads, writes or opens. */
export function shortPath(path: readonly string[]): string | null {
  const start = path.findIndex((name) =>
    /^(ksys_p?(read|write)|do_(pwritev|writev)|vfs_(read|write)|do_sys_open|__[a-z0-9]+_sys_(open|creat))/
      .test(name)
  );
  return path.slice(Math.max(0, start)).join(";") || null;
}

/**
 * The stacks of a flame graph.
 *
 * @param weight what is added up, and the key of its column
 * @param nameOf the name of a function, for unknown stacks
 */
export function flameStacks(
  stacks: readonly GrownStack[],
  weight: { readonly key: string; readonly of: (stack: GrownStack) => number },
  nameOf: (index: number) => string,
): FlameStacks {
  const counts = stacks.map((one) => ({
    stack: (one.stack.path.length > 0 ? one.stack.path : ["[unknown]", nameOf(one.stack.function)]).join(";"),
    weight: weight.of(one),
  }));
  return {
    weight: weight.key,
    counts: counts.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight),
  };
}

/**
 * Lines of Brendan Gregg's folded format: frames joined by semicolons, a space, a number.
 *
 * @param nameOf the name of a function, for unknown stacks
 */
export function folded(
  stacks: readonly GrownStack[],
  weight: (stack: GrownStack) => number,
  nameOf: (index: number) => string,
): string[] {
  return stacks.filter((one) => weight(one) > 0).map((one) => {
    const path = one.stack.path.length > 0 ? one.stack.path : ["[unknown]", nameOf(one.stack.function)];
    return foldedLine(path, weight(one));
  });
}
