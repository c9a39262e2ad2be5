/**
 * Rows and flags of the tools that count by stack.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import type { Column, Flag } from "../../model/mod.ts";
import type { Constants, ToolOptions } from "../tool.ts";
import type { Path, StackSample } from "./stack_counts.ts";
import { foldedLine } from "./stack_frames.ts";

/** The functions of the stack. */
export const STACK: Column = {
  key: "stack",
  title: "STACK",
  description:
    "Functions of the program, then of the kernel, outermost first; [missed] if the stack was lost.",
  unit: "text",
  cut: "start",
  width: 48,
  priority: 2,
  align: "left",
};

/** How many functions of {@linkcode STACK} are the kernel's. */
export const KERNEL_FRAMES: Column = {
  key: "kernel_frames",
  title: "KERNEL",
  description: "How many functions at the end of the stack are the kernel's.",
  unit: "count",
  width: 6,
  align: "right",
  adds: false,
  shown: "data",
};

/** What the tools that count by stack offer; the flags of each tool come before. */
export const STACK_FLAGS: readonly Flag[] = [
  { name: "user-stacks-only", letter: "U", kind: "switch", description: "only the functions of programs" },
  {
    name: "kernel-stacks-only",
    letter: "K",
    kind: "switch",
    description: "only the functions of the kernel",
  },
  {
    name: "delimited",
    letter: "d",
    kind: "switch",
    description: "put - between the functions of the program and those of the kernel",
  },
];

/** Prints stacks instead of rows. */
export function foldedFlag(weight: string): Flag {
  return {
    name: "folded",
    letter: "f",
    printOnly: true,
    kind: "switch",
    description: `print stacks for flamegraph.pl or inferno: name, frames and ${weight}`,
  };
}

/** Throws UsageError if both switches are set. */
export function refuseBoth({ flags }: ToolOptions, first: string, second: string): void {
  if (flags[first] !== true || flags[second] !== true) return;
  throw new UsageError(`--${first} and --${second} exclude each other.`);
}

/** Constants of bpf/lib/stacks.bpf.h. Throws UsageError. */
export function stackConstants(options: ToolOptions): Constants {
  refuseBoth(options, "user-stacks-only", "kernel-stacks-only");
  const { flags } = options;
  return {
    kernel_stacks: flags["user-stacks-only"] !== true,
    user_stacks: flags["kernel-stacks-only"] !== true,
  };
}

const MISSED = ["[missed]"];

/** Marks functions of the kernel in flame graphs. */
const KERNEL_MARK = "_[k]";

function framesOf(path: Path | null, { flags }: ToolOptions): readonly string[] {
  if (path === null) return MISSED;
  const { user } = path;
  const kernel = flags.annotations === true ? path.kernel.map((name) => name + KERNEL_MARK) : path.kernel;
  return flags.delimited === true && user.length > 0 && kernel.length > 0
    ? [...user, "-", ...kernel]
    : [...user, ...kernel];
}

/** What was counted with one text of a stack: stacks differ by addresses inside functions. */
export interface StackTotal {
  /** null: unknown. */
  readonly pid: number | null;
  /** null: unknown, or all threads of the process with this name. */
  readonly tid: number | null;
  readonly comm: string | null;
  readonly frames: readonly string[];
  /** How many of them, at the end, are the kernel's. */
  readonly kernelFrames: number;
  count: number;
  timeNs: number;
}

/** The totals of a sample, in no order. */
export function stackTotals({ stacks, missed }: StackSample, options: ToolOptions): StackTotal[] {
  const totals = new Map<string, StackTotal>();
  for (const { pid, tid, comm, count, timeNs, path } of stacks) {
    const frames = framesOf(path, options);
    const kernelFrames = path?.kernel.length ?? 0;
    const key = [pid, tid, comm, kernelFrames, ...frames].join(";");
    const total = totals.get(key);
    if (total === undefined) {
      totals.set(key, { pid, tid: tid === 0 ? null : tid, comm, frames, kernelFrames, count, timeNs });
    } else {
      total.count += count;
      total.timeNs += timeNs;
    }
  }
  const all = [...totals.values()];
  if (missed.count > 0) {
    all.push({ pid: null, tid: null, comm: null, frames: MISSED, kernelFrames: 0, ...missed });
  }
  return all;
}

/** The text of {@linkcode STACK}; null if neither program nor kernel have a function. */
export function stackText({ frames }: StackTotal): string | null {
  return frames.map((name) => name.replaceAll(";", "_")).join(";") || null;
}

/** Lines of the folded format: the thread's name is the outermost frame, as in BCC. */
export function foldedTotals(totals: readonly StackTotal[], weight: (total: StackTotal) => number): string[] {
  return totals.filter((total) => weight(total) > 0).map((total) =>
    foldedLine([total.comm ?? "[unknown]", ...total.frames], weight(total))
  );
}
