/**
 * Attaches programs according to their ELF sections, and owns the links.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { isShortOfDescriptors, type NativeLink, type NativeObject, type ProgramInfo } from "../ffi/mod.ts";
import { kernelSymbols, traceableFunctions } from "./symbols.ts";

/** Resolves when all slow links that were closed so far are detached. */
let detaching: Promise<unknown> = Promise.resolve();

/** Keeps a program attached until it is closed. */
export class BpfLink {
  /** C function name of the program. */
  readonly program: string;
  readonly #links: readonly NativeLink[];
  readonly #slow: boolean;

  /**
   * Takes ownership of `links`: one for each function that the program is attached to.
   *
   * @param slow the links are perf events: detaching one waits for two RCU grace periods, tens of milliseconds
   * (kernel/trace/trace_event_perf.c, perf_trace_event_unreg)
   */
  constructor(program: string, links: readonly NativeLink[], slow: boolean) {
    this.program = program;
    this.#links = links;
    this.#slow = slow;
  }

  /** Detaches; may be called twice. Slow links are detached one after another in a worker thread. */
  close(): void {
    for (const link of this.#links) {
      if (this.#slow) detaching = detaching.then(() => link.closeAsync());
      else link.close();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const KPROBE = /^(kprobe|kretprobe)\/(\w+)$/;
const WILDCARD = /^(kprobe|kprobe\.multi)\/(\w+)\*$/;

/** The kernel function that a kprobe or kretprobe section names; null for other sections. */
export function kprobeTarget(section: string): string | null {
  return KPROBE.exec(section)?.[2] ?? null;
}

/**
 * Attaches a loaded program. A section that ends in `*` (`kprobe/vfs_*`, `kprobe.multi/vfs_*`) means every traceable
 * function whose name starts with that prefix.
 *
 * @throws {BpfError} the kernel refused, it has no such function, or the object was closed (ECANCELED)
 */
export async function attachProgram(object: NativeObject, program: ProgramInfo): Promise<BpfLink> {
  const { name, section } = program;
  const [, kind, prefix] = WILDCARD.exec(section) ?? [];
  if (prefix !== undefined) {
    const functions = await traceableFunctions(prefix);
    const links = kind === "kprobe"
      ? await attachKprobes(object, name, functions.map((each) => each.name))
      : [await object.attachKprobeMulti(name, functions)];
    return new BpfLink(name, links, true);
  }
  const target = kprobeTarget(section);
  if (target === null) return new BpfLink(name, [await object.attach(name)], false);
  const symbol = await uniqueSymbol(name, target);
  const link = await object.attachKprobe(name, symbol, section.startsWith("kretprobe/"));
  return new BpfLink(name, [link], true);
}

/** The symbol of a function that a kprobe can be set on. @throws {BpfError} there is none, or more than one */
async function uniqueSymbol(program: string, target: string): Promise<string> {
  const { symbol, copies } = (await kernelSymbols([target])).get(target)!;
  if (symbol === null) {
    throw new BpfError(`attach ${program}`, "ENOENT", { detail: `this kernel has no function ${target}` });
  }
  if (copies > 1) {
    throw new BpfError(`attach ${program}`, "EADDRNOTAVAIL", {
      detail: `this kernel has ${copies} functions called ${symbol}`,
    });
  }
  return symbol;
}

/** Descriptors that setting a kprobe takes: the perf event and its link. */
const PER_KPROBE = 2;

/** Sets a kprobe on each function that accepts one. @throws {BpfError} none does, or the object was closed */
async function attachKprobes(
  object: NativeObject,
  program: string,
  functions: readonly string[],
): Promise<NativeLink[]> {
  const links: NativeLink[] = [];
  try {
    for (const symbol of functions) {
      const link = await object.tryAttachKprobe(program, symbol);
      if (link !== null) links.push(link);
    }
  } catch (error) {
    for (const link of links) link.close();
    throw error;
  }
  if (links.length < functions.length && isShortOfDescriptors(PER_KPROBE)) {
    for (const link of links) link.close();
    throw new BpfError(`attach ${program}`, "EMFILE");
  }
  if (links.length === 0) {
    throw new BpfError(`attach ${program}`, "ENOENT", {
      detail: `none of ${functions.length} functions accepts a kprobe`,
    });
  }
  return links;
}
