/**
 * Short ways to write hooks down. Program names follow bpf/: `<function>_enter__fentry`, `<function>_exit__kprobe`,
 * `sys_enter__tracepoint`.
 *
 * @module
 */
import type { Hook, ProgramSet } from "../bpf/mod.ts";
import type { Tool, ToolOptions } from "./tool.ts";

/** What a tool observes with these options. */
export function hooksOf<S>({ hooks }: Tool<S>, options: ToolOptions): readonly Hook[] {
  return typeof hooks === "function" ? hooks(options) : hooks;
}

/**
 * The two programs that see all system calls, told by a constant of the object which of them to count. The exit comes
 * first: a call that is under way while they attach is then seen at neither.
 *
 * @param constant name of a `const volatile bool`: `syscalls_read`
 */
export function syscalls(constant: string): ProgramSet {
  return { all: ["sys_exit__tracepoint", "sys_enter__tracepoint"], constants: { [constant]: true } };
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

/** A function timed from its start to its end. The exit comes first: a call that is under way meanwhile is not seen. */
export function callHook(name: string, tracepoint?: ProgramSet): Hook {
  const programs = (tier: string): string[] => [`${name}_exit__${tier}`, `${name}_enter__${tier}`];
  return {
    name,
    tiers: {
      fentry: [{ all: programs("fentry") }],
      kprobe: [{ all: programs("kprobe") }],
      ...(tracepoint ? { tracepoint: [tracepoint] } : {}),
    },
  };
}
