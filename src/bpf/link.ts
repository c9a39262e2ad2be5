/**
 * Attaches programs according to their ELF sections, and owns the links.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import {
  checkResult,
  errnoNumber,
  forkDescriptorHolder,
  isShortOfDescriptors,
  type KernelFunction,
  type NativeLink,
  type NativeObject,
  openCpuClock,
  type ProgramInfo,
} from "../ffi/mod.ts";
import { onlineCpus } from "./map.ts";
import { kernelSymbols, traceableFunctions } from "./symbols.ts";

/** Perf links are closed one at a time: resolves when all that were closed so far are detached. */
let detachQueue: Promise<unknown> = Promise.resolve();

/** Attached programs on kernel functions. */
let functionPrograms = 0;

/**
 * Lets this process exit before the kernel has detached its programs: call it before the last links are closed. The programs are
 * detached when a child process exits, right after this one. Does nothing if all programs are on tracepoints, where detaching is fast.
 */
export function detachAfterExit(): void {
  if (functionPrograms > 0) forkDescriptorHolder();
}

/**
 * What detaching takes. `perf`: two RCU grace periods, tens of milliseconds (kernel/trace/trace_event_perf.c, perf_trace_event_unreg);
 * `trampoline`: less; the kernel rewrites the function's entry (kernel/bpf/trampoline.c, unregister_fentry); `tracepoint`, also a CPU's clock: no time.
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
    if (kind !== "tracepoint") functionPrograms++;
  }

  /** Detaches; may be called twice. Perf links are closed in a worker thread. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#kind !== "tracepoint") functionPrograms--;
    for (const link of this.#links) {
      if (this.#kind === "perf") detachQueue = detachQueue.then(() => link.closeAsync());
      else link.close();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const TRAMPOLINE = /^f(entry|exit)\//;

/** A section of kprobe programs: `kprobe/NAME`, `kprobe/PREFIX*`, or `kprobe`; also with `kretprobe` or `.multi`. */
interface KprobeSection {
  readonly multi: boolean;
  readonly isReturn: boolean;
  /** `prefix`: all traceable functions whose names start with `name`; `list`: those of a list that the kernel has. */
  readonly kind: "function" | "prefix" | "list";
  /** Empty for `list`. */
  readonly name: string;
}

/** Null for sections of other programs, and for `kretprobe/PREFIX*`, which no tool needs. */
function parseKprobeSection(section: string): KprobeSection | null {
  const [match, ret, multi, name, star] = /^k(ret)?probe(\.multi)?(?:\/(\w+)(\*)?)?$/.exec(section) ?? [];
  if (match === undefined || (ret && star)) return null;
  const kind = name === undefined ? "list" : star ? "prefix" : "function";
  return { multi: multi !== undefined, isReturn: ret !== undefined, kind, name: name ?? "" };
}

/** Whether programs of this section attach by kprobe.multi. */
export function isKprobeMulti(section: string): boolean {
  return parseKprobeSection(section)?.multi ?? false;
}

/** The kernel function that a section of kprobe or kretprobe programs names; null for other sections. */
export function kprobeTarget(section: string): string | null {
  const kprobe = parseKprobeSection(section);
  return kprobe?.kind === "function" ? kprobe.name : null;
}

/** How a set of programs attaches, where its sections do not say so. */
export interface AttachOptions {
  /** As in {@linkcode ProgramSet}. */
  readonly functions?: readonly string[];
  /** As in {@linkcode ProgramSet}. */
  readonly frequency?: number;
}

/** The section of programs that perf events run. */
const PERF_EVENT = "perf_event";

/**
 * Attaches a loaded program. A section that ends in `*` (`kprobe/vfs_*`, `kprobe.multi/vfs_*`) means every traceable
 * function whose name starts with that prefix. A section without a function (`kprobe`, `kretprobe.multi`) means those of
 * `functions` that the kernel has; `perf_event` the clock of each online CPU, `frequency` times a second.
 *
 * @throws {BpfError} the kernel refused, it has no such function, or the object was closed (ECANCELED)
 */
export async function attachProgram(
  object: NativeObject,
  { name, section }: ProgramInfo,
  { functions = [], frequency }: AttachOptions,
): Promise<BpfLink> {
  if (section === PERF_EVENT) {
    return new BpfLink(name, attachCpuClocks(object, name, frequency), "tracepoint");
  }
  const kprobe = parseKprobeSection(section);
  if (kprobe === null) {
    const kind = TRAMPOLINE.test(section) ? "trampoline" : "tracepoint";
    return new BpfLink(name, [await object.attach(name)], kind);
  }
  return new BpfLink(name, await attachKprobe(object, name, kprobe, functions), "perf");
}

async function attachKprobe(
  object: NativeObject,
  program: string,
  { multi, isReturn, kind, name }: KprobeSection,
  list: readonly string[],
): Promise<NativeLink[]> {
  const functions = kind === "prefix"
    ? await traceableFunctions(name)
    : await presentFunctions(program, kind === "list" ? list : [name]);
  if (multi) return [await object.attachKprobeMulti(program, functions, isReturn)];
  return kind === "prefix"
    ? await attachKprobeWherePossible(object, program, functions)
    : await attachKprobeToAll(object, program, functions, isReturn);
}

/** Those of `names` that the kernel has. @throws {BpfError} it has none of them, or several of one name */
async function presentFunctions(program: string, names: readonly string[]): Promise<KernelFunction[]> {
  const symbols = await kernelSymbols(names);
  const functions = names.flatMap((name) => {
    const { symbol, address, copies } = symbols.get(name)!;
    if (symbol === null) return [];
    if (copies === 1) return [{ name: symbol, address }];
    throw new BpfError(`attach ${program}`, "EADDRNOTAVAIL", {
      detail: `this kernel has ${copies} functions called ${symbol}`,
    });
  });
  if (functions.length > 0) return functions;
  const absent = names.length === 1 ? "no function" : "none of the functions";
  throw new BpfError(`attach ${program}`, "ENOENT", {
    detail: `this kernel has ${absent} ${names.join(", ")}`,
  });
}

function closeAll(links: readonly NativeLink[]): void {
  for (const link of links) link.close();
}

/** A CPU that has gone offline has no events. */
const OFFLINE = -errnoNumber("ENODEV");

/** Attaches a program to the clock of each online CPU. @throws {BpfError} perf events are refused */
function attachCpuClocks(object: NativeObject, program: string, frequency = 1): NativeLink[] {
  const links: NativeLink[] = [];
  try {
    for (const cpu of onlineCpus()) {
      const fd = openCpuClock(cpu, frequency);
      if (fd === OFFLINE) continue;
      links.push(object.attachPerfEvent(program, checkResult(`open a perf event on CPU ${cpu}`, fd)));
    }
  } catch (error) {
    closeAll(links);
    throw error;
  }
  return links;
}

/** Attaches a kprobe or kretprobe to each function. @throws {BpfError} one of them refuses, or the object was closed */
async function attachKprobeToAll(
  object: NativeObject,
  program: string,
  functions: readonly KernelFunction[],
  isReturn: boolean,
): Promise<NativeLink[]> {
  const links: NativeLink[] = [];
  try {
    for (const { name } of functions) links.push(await object.attachKprobe(program, name, isReturn));
  } catch (error) {
    closeAll(links);
    throw error;
  }
  return links;
}

/** Descriptors that a kprobe takes: the perf event and its link. */
const PER_KPROBE = 2;

/** Attaches a kprobe to each function that accepts one. @throws {BpfError} none does, or the object was closed */
async function attachKprobeWherePossible(
  object: NativeObject,
  program: string,
  functions: readonly KernelFunction[],
): Promise<NativeLink[]> {
  const links: NativeLink[] = [];
  try {
    for (const { name } of functions) {
      const link = await object.tryAttachKprobe(program, name);
      if (link !== null) links.push(link);
    }
  } catch (error) {
    closeAll(links);
    throw error;
  }
  if (links.length < functions.length && isShortOfDescriptors(PER_KPROBE)) {
    closeAll(links);
    throw new BpfError(`attach ${program}`, "EMFILE");
  }
  if (links.length === 0) {
    throw new BpfError(`attach ${program}`, "ENOENT", {
      detail: `none of ${functions.length} functions accepts a kprobe`,
    });
  }
  return links;
}
