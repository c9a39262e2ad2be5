/**
 * Attaches one program as its ELF section says.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { bpf, captureMessages, cString, errnoName, type Handle } from "../ffi/mod.ts";
import { exclusive } from "./exclusive.ts";
import { kernelSymbols } from "./kallsyms.ts";
import { BpfLink } from "./link.ts";

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

/**
 * Attaches a loaded program.
 *
 * @throws {BpfError} the kernel refused, or it has no such function
 */
export async function attachProgram(program: Program, handle: Handle): Promise<BpfLink> {
  const target = kprobeTarget(program.section);
  const slow = target !== null;
  const attempt = target === null
    ? { away: () => bpf().bpf_program__attach_away(handle), here: () => bpf().bpf_program__attach(handle) }
    : await kprobe(program, handle, target);
  const link = await attempt.away();
  if (link !== null) return new BpfLink(program.name, link, slow);
  // errno stayed on the other thread, and libbpf was silent: the same again, here and listening.
  const again = await exclusive(() => captureMessages(() => attempt.here() ?? bpf().error()));
  if (typeof again.result !== "number") return new BpfLink(program.name, again.result, slow);
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
  const name = cString(symbol);
  const isReturn = program.section.startsWith("kretprobe/");
  return {
    away: () => bpf().bpf_program__attach_kprobe_away(handle, isReturn, name),
    here: () => bpf().bpf_program__attach_kprobe(handle, isReturn, name),
  };
}
