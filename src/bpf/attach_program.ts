/**
 * Attaches one program as its ELF section says.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { bpf, captureMessages, cString, errnoName, type Handle, struct } from "../ffi/mod.ts";
import { exclusive } from "./exclusive.ts";
import { kernelSymbols } from "./kallsyms.ts";
import { BpfLink } from "./link.ts";
import { type KernelFunction, traceableFunctions } from "./symbols.ts";

/** Name and ELF section of a program. */
interface Program {
  readonly name: string;
  readonly section: string;
}

/** A libbpf call that returns a link: first away from the event loop, and again here for the reason if it fails. */
interface Attempt {
  away(): Promise<Deno.PointerValue>;
  here(): Deno.PointerValue;
}

const KPROBE = /^(kprobe|kretprobe)\/(\w+)$/;

/** The kernel function that a kprobe or kretprobe section names; null for other sections. */
export function kprobeTarget(section: string): string | null {
  return KPROBE.exec(section)?.[2] ?? null;
}

const MANY = /^(kprobe|kprobe\.multi)\/(\w+)\*$/;

/**
 * Attaches a loaded program. A section that ends in `*` (`kprobe/vfs_*`, `kprobe.multi/vfs_*`) means every function that
 * can be traced and whose name begins so.
 *
 * @throws {BpfError} the kernel refused, or it has no such function
 */
export async function attachProgram(program: Program, handle: Handle): Promise<BpfLink> {
  const many = MANY.exec(program.section);
  if (many !== null) {
    const functions = await traceableFunctions(many[2]!);
    return many[1] === "kprobe" ? await kprobes(program, handle, functions) : new BpfLink(
      program.name,
      [await attempted(program, kprobeMulti(handle, functions))],
      true,
    );
  }
  const target = kprobeTarget(program.section);
  const attempt = target === null
    ? { away: () => bpf().bpf_program__attach_away(handle), here: () => bpf().bpf_program__attach(handle) }
    : await kprobe(program, handle, target);
  return new BpfLink(program.name, [await attempted(program, attempt)], target !== null);
}

/** The link that an attempt makes. @throws {BpfError} it fails, with libbpf's reason */
async function attempted(program: Program, attempt: Attempt): Promise<Handle> {
  const link = await attempt.away();
  if (link !== null) return link;
  // errno stayed on the other thread, and libbpf was silent: the same again, here and listening.
  const again = await exclusive(() => captureMessages(() => attempt.here() ?? bpf().error()));
  if (typeof again.result !== "number") return again.result;
  const detail = again.warnings.at(-1)?.replace(/^prog '[^']+': /, "");
  throw new BpfError(`attach ${program.name}`, errnoName(again.result), { detail });
}

async function kprobe(program: Program, handle: Handle, target: string): Promise<Attempt> {
  const { symbol, copies } = (await kernelSymbols([target])).get(target)!;
  if (symbol === null) {
    throw new BpfError(`attach ${program.name}`, "ENOENT", {
      detail: `this kernel has no function ${target}`,
    });
  }
  if (copies > 1) {
    throw new BpfError(`attach ${program.name}`, "EADDRNOTAVAIL", {
      detail: `this kernel has ${copies} functions called ${symbol}`,
    });
  }
  return kprobeOn(handle, symbol, program.section.startsWith("kretprobe/"));
}

function kprobeOn(handle: Handle, symbol: string, isReturn: boolean): Attempt {
  const name = cString(symbol);
  return {
    away: () => bpf().bpf_program__attach_kprobe_away(handle, isReturn, name),
    here: () => bpf().bpf_program__attach_kprobe(handle, isReturn, name),
  };
}

/** One link for all functions: by address, or by name where addresses are hidden. */
function kprobeMulti(handle: Handle, functions: readonly KernelFunction[]): Attempt {
  const byAddress = functions.every(({ address }) => address > 0n);
  const targets = byAddress
    ? struct(8 * functions.length, functions.map(({ address }, i) => ({ offset: 8 * i, u64: address })))
    : struct(
      8 * functions.length,
      functions.map(({ name }, i) => ({ offset: 8 * i, pointer: cString(name) })),
    );
  // struct bpf_kprobe_multi_opts: sz, syms or addrs, cnt
  const options = struct(48, [
    { offset: 0, u64: 48n },
    { offset: byAddress ? 16 : 8, pointer: targets },
    { offset: 32, u64: BigInt(functions.length) },
  ]);
  return {
    away: () => bpf().bpf_program__attach_kprobe_multi_opts_away(handle, null, options),
    here: () => bpf().bpf_program__attach_kprobe_multi_opts(handle, null, options),
  };
}

/** A kprobe on each function that takes one. @throws {BpfError} none does */
async function kprobes(
  program: Program,
  handle: Handle,
  functions: readonly KernelFunction[],
): Promise<BpfLink> {
  const links: Handle[] = [];
  for (const { name } of functions) {
    const link = await kprobeOn(handle, name, false).away();
    if (link !== null) links.push(link);
  }
  if (links.length === 0) {
    throw new BpfError(`attach ${program.name}`, "ENOENT", {
      detail: `none of ${functions.length} functions takes a kprobe`,
    });
  }
  return new BpfLink(program.name, links, true);
}
