/**
 * The names of functions in stacks of the kernel.
 *
 * @module
 */
import { SymbolTable } from "../../bpf/mod.ts";

/** Innermost frames that belong to BPF programs and the code that calls them. */
const BPF_FRAME =
  /^(bpf_|__bpf_|___bpf_|ftrace_|__traceiter_|trace_|__trace_|perf_|kprobe_|__kprobe|kretprobe_|arch_ftrace|syscall_trace|__x64_sys_bpf)|^0x/;

/** Stands for the outermost functions of a stack that is deeper than was recorded. */
export const UNKNOWN_CALLERS = "…";

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

/** The names, innermost first, without the frames of the BPF program that took the stack. */
export function withoutBpf(names: readonly string[]): readonly string[] {
  const first = names.findIndex((name) => !BPF_FRAME.test(name));
  return first < 0 ? names : names.slice(first);
}
