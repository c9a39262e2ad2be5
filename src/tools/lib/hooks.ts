/**
 * Hooks in short form. Program names follow bpf/: `<function>_enter__fentry`, `<function>_exit__kprobe`,
 * `sys_enter__tracepoint`. If a function has a program at its start and one at its end, the one at the end attaches
 * first, so that no start is recorded whose end would be missed.
 *
 * @module
 */
import type { Hook, ProgramSet } from "../../bpf/mod.ts";
import type { TierName } from "../../model/mod.ts";
import type { Tool, ToolOptions } from "../tool.ts";

/** The hooks of a tool with these options. */
export function hooksOf<S>({ hooks }: Tool<S>, options: ToolOptions): readonly Hook[] {
  return typeof hooks === "function" ? hooks(options) : hooks;
}

/** The programs at the end and at the start of a function, in the order of attaching. */
export function callPrograms(name: string, tier: TierName): string[] {
  return [`${name}_exit__${tier}`, `${name}_enter__${tier}`];
}

/** The programs at the start and the end of one system call, of 64-bit and 32-bit programs (bpf/lib/syscall_programs.bpf.h). */
export function singleCallPrograms(call: string, tier: TierName): string[] {
  const kinds = Deno.build.arch === "x86_64" ? ["sys", "ia32_sys"] : ["sys"];
  return kinds.flatMap((kind) => callPrograms(`${kind}_${call}`, tier));
}

/**
 * The two programs on sys_enter and sys_exit. They count the system calls whose constants are set.
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

/**
 * A hook on kernel functions.
 *
 * @param sets the alternatives in a tier, best first
 * @param tracepoint the programs that replace them in the tracepoint tier, if any
 */
export function functionHook(
  name: string,
  sets: (tier: "fentry" | "kprobe") => ProgramSet | readonly ProgramSet[],
  tracepoint?: ProgramSet,
): Hook {
  return {
    name,
    tiers: {
      fentry: [sets("fentry")].flat(),
      kprobe: [sets("kprobe")].flat(),
      ...(tracepoint ? { tracepoint: [tracepoint] } : {}),
    },
  };
}

/** Threads that can be inside the system calls of a tool at once on the kprobe tier. */
const SYSCALLS_IN_FLIGHT = 4096;

/** System calls of a tool by the names of their kernel functions. */
export interface SyscallFunctions {
  /** As in SYSCALL_DEFINE(name): "openat". The first one exists on every kernel and machine. */
  readonly native: readonly string[];
  /** Calls of 32-bit programs on x86-64, as in ia32_sys_call_table: "compat_sys_openat", "sys_creat". */
  readonly compat: readonly string[];
}

const NATIVE_PREFIX = { x86_64: "__x64_sys_", aarch64: "__arm64_sys_" }[Deno.build.arch];

/**
 * The programs at the end of system calls, and of those of 32-bit programs (bpf/lib/syscall.bpf.h).
 *
 * @param others further programs, on every tier
 */
export function syscallHook(name: string, calls: SyscallFunctions, others: readonly string[] = []): Hook {
  const { native, compat } = Deno.build.arch === "x86_64" ? calls : { ...calls, compat: [] };
  const [first, ...rest] = [
    ...native.map((call) => `sys_${call}_exit__fentry`),
    ...compat.map((call) => `ia32_${call}_exit__fentry`),
  ];
  const functions = [
    ...native.map((call) => NATIVE_PREFIX + call),
    ...compat.map((call) => `__ia32_${call}`),
  ];
  const kprobes = (kind: "multi" | "each"): ProgramSet => ({
    all: [...others, `sys_exit_${kind}__kprobe`, `sys_enter_${kind}__kprobe`],
    functions,
    maxEntries: { syscalls_in_flight: SYSCALLS_IN_FLIGHT },
  });
  return {
    name,
    tiers: {
      fentry: [{ all: [...others, first!], ifPresent: rest, constants: { preemptible: true } }],
      kprobe: [kprobes("multi"), kprobes("each")],
      tracepoint: [{ all: [...others, "sys_exit__tracepoint"] }],
    },
  };
}

/** A function observed at its start. */
export function entryHook(name: string, tracepoint?: ProgramSet): Hook {
  return functionHook(name, (tier) => ({ all: [`${name}_enter__${tier}`] }), tracepoint);
}

/** A function whose return value is read. `kprobeEntry`: a kretprobe also needs the start, to keep the arguments. */
export function exitHook(name: string, options: { kprobeEntry: boolean; tracepoint?: ProgramSet }): Hook {
  const sets = (tier: TierName): ProgramSet => ({
    all: tier === "kprobe" && options.kprobeEntry
      ? [`${name}_enter__kprobe`, `${name}_exit__kprobe`]
      : [`${name}_exit__${tier}`],
  });
  return functionHook(name, sets, options.tracepoint);
}

/** A function timed from its start to its end. */
export function callHook(name: string, tracepoint?: ProgramSet): Hook {
  return functionHook(name, (tier) => ({ all: callPrograms(name, tier) }), tracepoint);
}
