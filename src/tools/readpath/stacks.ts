/**
 * The stacks of readpath: the ways by which the kernel came to a function.
 *
 * @module
 */
import type { SymbolTable } from "../../bpf/mod.ts";
import { growth } from "../lib/maps.ts";

/** A function by one way. */
export interface Stack {
  /** Its number: enum readpath_function. */
  readonly function: number;
  /** Functions of the way, outermost first, with the function itself; empty where unknown. */
  readonly way: readonly string[];
  readonly calls: bigint;
  readonly selfNs: bigint;
}

/** Stacks by an id that stays the same from sample to sample. */
export type Stacks = ReadonlyMap<string, Stack>;

/** What a stack grew by in one interval. */
export interface GrownStack {
  readonly stack: Stack;
  readonly calls: number;
  readonly selfNs: number;
}

/** Frames of what observes: BPF programs and what calls them. They stand at the inner end of a stack. */
const OBSERVER =
  /^(bpf_|__bpf_|___bpf_|ftrace_|__traceiter_|trace_|__trace_|perf_|kprobe_|__kprobe|kretprobe_|arch_ftrace|syscall_trace|__x64_sys_bpf)|^0x/;

/** The way without the frames of what observes; from addresses, innermost first. */
export function wayOf(addresses: readonly bigint[], symbols: SymbolTable | null): string[] {
  const names = addresses.map((address) => symbols?.find(address)?.name ?? `0x${address.toString(16)}`);
  let first = 0;
  while (first < names.length && OBSERVER.test(names[first]!)) first++;
  return (first < names.length ? names.slice(first) : names).toReversed();
}

/** What each stack grew by, most calls first. */
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

/** From the function that serves the read on: what is before it is the same for all. */
export function shortWay(way: readonly string[]): string | null {
  const start = way.findIndex((name) => /^(ksys_p?read|vfs_read)/.test(name));
  return way.slice(Math.max(0, start)).join(";") || null;
}

/**
 * Lines of Brendan Gregg's folded format: frames joined by semicolons, a space, a number.
 *
 * @param nameOf name of a function, for stacks that are unknown
 */
export function folded(
  stacks: readonly GrownStack[],
  weight: (stack: GrownStack) => number,
  nameOf: (index: number) => string,
): string[] {
  return stacks.filter((one) => weight(one) > 0).map((one) => {
    const way = one.stack.way.length > 0 ? one.stack.way : ["[unknown]", nameOf(one.stack.function)];
    return `${way.map((name) => name.replace(/[; ]/g, "_")).join(";")} ${weight(one)}`;
  });
}
