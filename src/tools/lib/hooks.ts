/**
 * Short ways to write hooks down. Program names follow bpf/: `<function>_enter__fentry`, `<function>_exit__kprobe`,
 * `sys_enter__tracepoint`.
 *
 * @module
 */
import type { Hook, ProgramSet } from "../../bpf/mod.ts";
import type { TierName } from "../../model/mod.ts";
import type { Tool, ToolOptions } from "../tool.ts";

/** What a tool observes with these options. */
export function hooksOf<S>({ hooks }: Tool<S>, options: ToolOptions): readonly Hook[] {
  return typeof hooks === "function" ? hooks(options) : hooks;
}

/**
 * The two programs that see all system calls, told by constants of the object which of them to count. The exit comes
 * first: a call that is under way while they attach is then seen at neither.
 *
 * @param constants names of `const volatile bool`s: `syscalls_read`
 */
export function syscalls(...constants: readonly string[]): ProgramSet {
  return {
    all: callPrograms("sys", "tracepoint"),
    constants: Object.fromEntries(constants.map((constant) => [constant, true])),
  };
}

/** The programs on these tracepoints, as tp_btf ("btf") or as raw tracepoints ("raw"). */
export function tracepoints(kind: "btf" | "raw", names: readonly string[]): ProgramSet {
  return { all: names.map((name) => `${name}_${kind}__tracepoint`) };
}

/** A function watched at its start: the system calls that stand for it in the tracepoint tier, if any. */
export function entryHook(name: string, tracepoint?: ProgramSet): Hook {
  return {
    name,
    tiers: {
      fentry: [{ all: [`${name}_enter__fentry`] }],
      kprobe: [{ all: [`${name}_enter__kprobe`] }],
      ...(tracepoint ? { tracepoint: [tracepoint] } : {}),
    },
  };
}

/** A function whose return value is wanted; kprobes need its start too where arguments are used after it. */
export function exitHook(name: string, options: { kprobeEntry: boolean; tracepoint?: ProgramSet }): Hook {
  const kprobe = options.kprobeEntry
    ? [`${name}_enter__kprobe`, `${name}_exit__kprobe`]
    : [`${name}_exit__kprobe`];
  return {
    name,
    tiers: {
      fentry: [{ all: [`${name}_exit__fentry`] }],
      kprobe: [{ all: kprobe }],
      ...(options.tracepoint ? { tracepoint: [options.tracepoint] } : {}),
    },
  };
}

/** The programs at the end and at the start of a function. The exit comes first: a call that is under way meanwhile is not seen. */
export function callPrograms(name: string, tier: TierName): string[] {
  return [`${name}_exit__${tier}`, `${name}_enter__${tier}`];
}

/** A function timed from its start to its end. */
export function callHook(name: string, tracepoint?: ProgramSet): Hook {
  return {
    name,
    tiers: {
      fentry: [{ all: callPrograms(name, "fentry") }],
      kprobe: [{ all: callPrograms(name, "kprobe") }],
      ...(tracepoint ? { tracepoint: [tracepoint] } : {}),
    },
  };
}
