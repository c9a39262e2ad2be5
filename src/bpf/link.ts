/**
 * Attaches programs according to their ELF sections, and owns the links.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import {
  isShortOfDescriptors,
  type KernelFunction,
  type NativeLink,
  type NativeObject,
  type ProgramInfo,
  startDetaching,
} from "../ffi/mod.ts";
import { kernelSymbols, traceableFunctions } from "./symbols.ts";

/** Resolves when all slow links that were closed so far are detached. */
let detaching: Promise<unknown> = Promise.resolve();

/** Open links on kernel functions. The kernel takes up to tens of milliseconds to detach each. */
let functionLinks = 0;

/**
 * Lets this process end before the kernel has detached its programs: call it before the last links are closed. They are then
 * detached when a child process ends, right after this one. Does nothing if all programs are on tracepoints, which are detached at
 * once.
 */
export function detachAfterExit(): void {
  if (functionLinks > 0) startDetaching();
}

/**
 * How a program is attached. `perf`: detaching waits for two RCU grace periods, tens of milliseconds
 * (kernel/trace/trace_event_perf.c, perf_trace_event_unreg); `trampoline`: it rewrites the function; `tracepoint`: it takes no time.
 */
type LinkKind = "perf" | "trampoline" | "tracepoint";

/** Keeps a program attached until it is closed. */
export class BpfLink {
  /** C function name of the program. */
  readonly program: string;
  readonly #links: readonly NativeLink[];
  readonly #kind: LinkKind;
  #open = true;

  /** Takes ownership of `links`: one for each function that the program is attached to. */
  constructor(program: string, links: readonly NativeLink[], kind: LinkKind) {
    this.program = program;
    this.#links = links;
    this.#kind = kind;
    if (kind !== "tracepoint") functionLinks++;
  }

  /** Detaches; may be called twice. Perf events are closed one after another in a worker thread. */
  close(): void {
    if (this.#open && this.#kind !== "tracepoint") functionLinks--;
    this.#open = false;
    for (const link of this.#links) {
      if (this.#kind === "perf") detaching = detaching.then(() => link.closeAsync());
      else link.close();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const KPROBE = /^(kprobe|kretprobe)\/(\w+)$/;
const WILDCARD = /^(kprobe|kprobe\.multi)\/(\w+)\*$/;

const TRAMPOLINE = /^f(entry|exit)\//;

const LISTED = /^(kprobe|kretprobe)(\.multi)?$/;

/** Whether programs of this section attach by kprobe.multi. */
export function isKprobeMulti(section: string): boolean {
  return /^k(?:ret)?probe\.multi(?:\/|$)/.test(section);
}

/** The kernel function that a kprobe or kretprobe section names; null for other sections. */
export function kprobeTarget(section: string): string | null {
  return KPROBE.exec(section)?.[2] ?? null;
}

/**
 * Attaches a loaded program. A section that ends in `*` (`kprobe/vfs_*`, `kprobe.multi/vfs_*`) means every traceable
 * function whose name starts with that prefix. A section without a function (`kprobe`, `kretprobe.multi`) means those of
 * `functions` that the kernel has.
 *
 * @throws {BpfError} the kernel refused, it has no such function, or the object was closed (ECANCELED)
 */
export async function attachProgram(
  object: NativeObject,
  program: ProgramInfo,
  functions: readonly string[],
): Promise<BpfLink> {
  const { name, section } = program;
  const listed = LISTED.exec(section);
  if (listed !== null) {
    const isReturn = listed[1] === "kretprobe";
    const present = await presentFunctions(name, functions);
    const links = listed[2] === undefined
      ? await attachToEach(object, name, present, isReturn)
      : [await object.attachKprobeMulti(name, present, isReturn)];
    return new BpfLink(name, links, "perf");
  }
  const [, kind, prefix] = WILDCARD.exec(section) ?? [];
  if (prefix !== undefined) {
    const traceable = await traceableFunctions(prefix);
    const links = kind === "kprobe"
      ? await attachKprobes(object, name, traceable.map((each) => each.name))
      : [await object.attachKprobeMulti(name, traceable, false)];
    return new BpfLink(name, links, "perf");
  }
  const target = kprobeTarget(section);
  if (target === null) {
    return new BpfLink(
      name,
      [await object.attach(name)],
      TRAMPOLINE.test(section) ? "trampoline" : "tracepoint",
    );
  }
  const symbol = await uniqueSymbol(name, target);
  const link = await object.attachKprobe(name, symbol, section.startsWith("kretprobe/"));
  return new BpfLink(name, [link], "perf");
}

/** The functions of these names. @throws {BpfError} the kernel has none of them, or several of one name */
async function presentFunctions(program: string, names: readonly string[]): Promise<KernelFunction[]> {
  const symbols = await kernelSymbols(names);
  const present = names.filter((name) => symbols.get(name)!.symbol !== null);
  if (present.length === 0) {
    throw new BpfError(`attach ${program}`, "ENOENT", { detail: `this kernel has no function ${names[0]}` });
  }
  const functions = [];
  for (const name of present) {
    functions.push({ name: await uniqueSymbol(program, name), address: symbols.get(name)!.address });
  }
  return functions;
}

/** Sets a kprobe or kretprobe on each function. @throws {BpfError} one of them refuses, or the object was closed */
async function attachToEach(
  object: NativeObject,
  program: string,
  functions: readonly KernelFunction[],
  isReturn: boolean,
): Promise<NativeLink[]> {
  const links: NativeLink[] = [];
  try {
    for (const { name } of functions) links.push(await object.attachKprobe(program, name, isReturn));
  } catch (error) {
    for (const link of links) link.close();
    throw error;
  }
  return links;
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
