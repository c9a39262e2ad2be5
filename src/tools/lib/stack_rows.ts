/**
 * Rows and flags of the tools that count by stack.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { type Column, type Flag, typedFlag } from "../../model/mod.ts";
import type { Constants, ToolOptions } from "../tool.ts";
import { foldedLine, frameText } from "../../text/mod.ts";
import type { Path, StackSample } from "./stack_counts.ts";
import { NOBODY, type Who } from "./who.ts";

/** The functions of the stack. */
export const STACK: Column = {
  key: "stack",
  title: "STACK",
  description:
    "Functions of the program, then of the kernel, outermost first; [missed] if the stack was lost.",
  unit: "text",
  cut: "start",
  width: 48,
  minWidth: 28,
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

/** The kernel's part of stacks is not walked. */
export const USER_STACKS: Flag = {
  name: "user-stacks-only",
  letter: "U",
  kind: "switch",
  description: "only the functions of programs",
};
const KERNEL_STACKS: Flag = {
  name: "kernel-stacks-only",
  letter: "K",
  kind: "switch",
  description: "only the functions of the kernel",
};
/** Only where stacks have both parts. */
export const DELIMITED: Flag = {
  name: "delimited",
  letter: "d",
  kind: "switch",
  description: "put - between the functions of the program and those of the kernel",
};

/** What the tools that count by stack offer; the flags of each tool come before. */
export const STACK_FLAGS: readonly Flag[] = [USER_STACKS, KERNEL_STACKS, DELIMITED];

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

/** Throws UsageError if both switches are set, which leaves nothing or has no effect. As typed: "-U". */
export function refuseBoth({ flags }: ToolOptions, first: Flag, second: Flag): void {
  if (flags[first.name] !== true || flags[second.name] !== true) return;
  throw new UsageError(`${typedFlag(first)} and ${typedFlag(second)} exclude each other.`);
}

/** Constants of bpf/lib/stacks.bpf.h. Throws UsageError. */
export function stackConstants(options: ToolOptions): Constants {
  refuseBoth(options, USER_STACKS, KERNEL_STACKS);
  refuseBoth(options, DELIMITED, USER_STACKS);
  refuseBoth(options, DELIMITED, KERNEL_STACKS);
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
  readonly who: Who;
  readonly frames: readonly string[];
  /** How many of them, at the end, are the kernel's. */
  readonly kernelFrames: number;
  count: number;
  timeNs: number;
}

/** The totals of a sample, in no order. */
export function stackTotals({ stacks, missed }: StackSample, options: ToolOptions): StackTotal[] {
  const totals = new Map<string, StackTotal>();
  for (const { pid, tid, comm, who, count, timeNs, path } of stacks) {
    const frames = framesOf(path, options);
    const kernelFrames = path?.kernel.length ?? 0;
    const key = [pid, tid, comm, who.cgroup_id, who.uid, kernelFrames, ...frames].join(";");
    const total = totals.get(key);
    if (total === undefined) {
      totals.set(key, { pid, tid: tid === 0 ? null : tid, comm, who, frames, kernelFrames, count, timeNs });
    } else {
      total.count += count;
      total.timeNs += timeNs;
    }
  }
  const all = [...totals.values()];
  if (missed.count > 0) {
    all.push({ pid: null, tid: null, comm: null, who: NOBODY, frames: MISSED, kernelFrames: 0, ...missed });
  }
  return all;
}

/** The text of {@linkcode STACK}; null if neither program nor kernel have a function. */
export function stackText({ frames }: StackTotal): string | null {
  return frames.map(frameText).join(";") || null;
}

/** Lines of the folded format: the thread's name is the outermost frame, as in BCC. */
export function foldedTotals(totals: readonly StackTotal[], weight: (total: StackTotal) => number): string[] {
  return totals.filter((total) => weight(total) > 0).map((total) =>
    foldedLine([total.comm ?? "[unknown]", ...total.frames], weight(total))
  );
}
