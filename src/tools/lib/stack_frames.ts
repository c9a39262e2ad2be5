/**
 * The names of functions in stacks of the kernel.
 *
 * @module
 */
import { UnsupportedError } from "../../errors.ts";
import { isOwnCode, SymbolTable } from "../../bpf/mod.ts";

/** Innermost frames that belong to BPF programs and the code that calls them. */
const BPF_FRAME =
  /^(bpf_|__bpf_|___bpf_|ftrace_|__traceiter_|trace_|__trace_|perf_|kprobe_|__kprobe|kretprobe_|arch_ftrace|syscall_trace|__x64_sys_bpf)|^0x/;

/** The most functions of a stack that the kernel walks, kernel.perf_event_max_stack; Infinity if it is unknown. */
export function maxStack(path = "/proc/sys/kernel/perf_event_max_stack"): number {
  try {
    return Number(Deno.readTextFileSync(path));
  } catch {
    return Infinity;
  }
}

/** Throws UnsupportedError if the kernel refuses a map of stacks with so many functions (stack_map_alloc(): EINVAL). */
export function assertStackSize(functions: number, most: number = maxStack()): void {
  if (functions <= most) return;
  const name = "kernel.perf_event_max_stack";
  throw new UnsupportedError(
    name,
    `Stacks of ${functions} functions need ${name} to be as large, not ${most}.`,
    {
      remedy: `Run: sysctl ${name}=127.`,
    },
  );
}

/** The functions of this kernel, read once for all tools. */
let symbols: SymbolTable | null = null;

/** Reads the names of the kernel's functions, for {@linkcode kernelSymbolTable}. Never rejects. */
export async function prepareKernelSymbols(): Promise<void> {
  symbols ??= await SymbolTable.read();
}

/** The names of the kernel's functions; null before {@linkcode prepareKernelSymbols}. */
export const kernelSymbolTable = (): SymbolTable | null => symbols;

/** The name of the kernel's function at an address; the address if it is unknown. */
export function kernelName(address: bigint, symbols: SymbolTable | null): string {
  return symbols?.find(address)?.name ?? `0x${address.toString(16)}`;
}

/** The names, innermost first, without those at the start that belong to BPF. */
function withoutInnermostBpf(names: readonly string[]): readonly string[] {
  const first = names.findIndex((name) => !BPF_FRAME.test(name));
  return first < 0 ? names : names.slice(first);
}

/** Code around a function of the kernel that calls the BPF programs on it (fentry). */
const TRAMPOLINE = /^bpf_trampoline_/;

const isUnnamed = (name: string): boolean => name.startsWith("0x");

/** The names without trampolines. One that was made after the names were read has none, unlike the function inside it. */
function withoutTrampolines(names: readonly string[]): readonly string[] {
  return names.filter((name, i) =>
    !TRAMPOLINE.test(name) && !(isUnnamed(name) && i > 0 && !isUnnamed(names[i - 1]!))
  );
}

/** How the frames of ktop's own BPF programs are recognized. */
export interface OwnFrames {
  /** A BPF program took the stack: its innermost frames belong to BPF. */
  readonly isOfProgram: boolean;
  /** Whether an address is in a BPF program of this process. */
  readonly isOwn?: (address: bigint) => boolean;
}

/**
 * The names of a stack's functions without the frames of ktop's own BPF programs, and of the code that calls them: their time is
 * part of the function that they observe.
 *
 * @param addresses innermost first, as the names
 */
export function namesWithoutOwn(
  addresses: readonly bigint[],
  nameOf: (address: bigint) => string,
  { isOfProgram, isOwn = isOwnCode }: OwnFrames,
): readonly string[] {
  const own = addresses.findLastIndex(isOwn);
  const names = addresses.slice(own + 1).map(nameOf);
  return withoutTrampolines(isOfProgram || own >= 0 ? withoutInnermostBpf(names) : names);
}
