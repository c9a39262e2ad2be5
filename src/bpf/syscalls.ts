/**
 * The program on sys_enter and the one on sys_exit that all tools of this process share on the tracepoint tier (bpf/syscalls): a system
 * call that no tool reports runs no other program. The tools' programs on a tracepoint form a list: the shared program calls the first
 * one, and each the next (bpf/lib/sys_tracepoints.bpf.h).
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { type ProgramStats } from "../ffi/mod.ts";
import { BpfObject } from "./object.ts";

const TRACEPOINTS = ["sys_enter", "sys_exit"] as const;
type Tracepoint = typeof TRACEPOINTS[number];

/** Bits of a number in the table `reported`: enum programs of bpf/syscalls. */
const OF_64_BITS = 1, OF_32_BITS = 2;

/** The key of the only entry of a map. */
const FIRST = new Uint8Array(4);

const programOf = (tracepoint: Tracepoint): string => `${tracepoint}__tracepoint`;

/** A tool's program in the list of a tracepoint. */
interface Member {
  readonly tool: string;
  readonly object: BpfObject;
  /** Numbers of the system calls that the program must run for. */
  readonly calls: readonly number[];
}

/** A shared program, and the kernel's counters of it and of all programs that it calls. */
export interface SharedProgram extends ProgramStats {
  /** The tools that share it. */
  readonly tools: readonly string[];
  readonly program: string;
  readonly section: string;
  /** Numbers of the system calls that it passes on to the tools' programs. */
  readonly calls: readonly number[];
}

/** The numbers in a constant `reported_syscalls`. */
function reportedCalls(object: BpfObject): number[] {
  const bytes = object.initialBytes("reported_syscalls");
  return [...new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)];
}

/**
 * Makes readers that share the readings of a counter: a reading serves each of them once. Readers
 * that take turns read the counter once a turn, and each of them gets a value that was read after its previous one.
 */
export function readersOf<T>(read: () => T): () => () => T {
  let number = 0;
  let value: T;
  return () => {
    let used = number;
    return () => {
      if (used === number) {
        value = read();
        number++;
      }
      used = number;
      return value;
    };
  };
}

/** A loaded and attached shared program, and the programs that it calls. */
class SharedTracepoint {
  readonly tracepoint: Tracepoint;
  readonly object: BpfObject;
  /** In the order in which they run. */
  readonly members: Member[] = [];
  /** For each number of a 32-bit call the same 64-bit call, or -1. Filled in by the kernel, so that only C lists the numbers. */
  readonly #nativeOfCompat: Int32Array;
  /** Makes a reader of how often the kernel has skipped a run of the program. */
  readonly skippedRunsReader: () => () => bigint;

  private constructor(tracepoint: Tracepoint, object: BpfObject) {
    this.tracepoint = tracepoint;
    this.object = object;
    this.skippedRunsReader = readersOf(object.missesReader(programOf(tracepoint)));
    object.run("fill_native_of_compat");
    const { offset, size } = object.variable("native_of_compat")!;
    this.#nativeOfCompat = new Int32Array(
      object.map(".bss").lookup(FIRST)!.slice(offset, offset + size).buffer,
    );
  }

  static async attach(tracepoint: Tracepoint): Promise<SharedTracepoint> {
    const object = BpfObject.open("syscalls");
    try {
      object.setAutoload(programOf(tracepoint), true);
      object.setAutoload("fill_native_of_compat", true);
      await object.load();
      const shared = new SharedTracepoint(tracepoint, object);
      await object.attach(programOf(tracepoint));
      return shared;
    } catch (error) {
      object.close();
      throw error;
    }
  }

  /**
   * Inserts a program at the head of the list: it is linked to the list before the list is linked to it, so that no call skips another
   * tool.
   */
  add(member: Member): void {
    const [next] = this.members;
    if (next !== undefined) this.#link(member, next);
    this.#link(undefined, member);
    this.members.unshift(member);
    this.#writeReported();
  }

  remove(member: Member): void {
    const at = this.members.indexOf(member);
    this.#link(this.members[at - 1], this.members[at + 1]);
    this.members.splice(at, 1);
    this.#writeReported();
  }

  /** Makes `next` run after `previous`; without `previous` it runs first, without `next` none runs. */
  #link(previous: Member | undefined, next: Member | undefined): void {
    const [holder, map] = previous
      ? [previous.object, `next_${this.tracepoint}`]
      : [this.object, `first_${this.tracepoint}`];
    if (next) holder.setProgram(map, next.object, programOf(this.tracepoint));
    else holder.clearProgram(map);
  }

  /** Raw numbers: of calls of 64-bit programs and of 32-bit programs. */
  get calls(): number[] {
    const reported = this.#reported(this.object.map(".bss").lookup(FIRST)!);
    return [...reported.keys()].filter((number) => reported[number] !== 0);
  }

  /** The table `reported` within the value of the map .bss. */
  #reported(value: Uint8Array): Uint8Array {
    const { offset, size } = this.object.variable("reported")!;
    return value.subarray(offset, offset + size);
  }

  #writeReported(): void {
    const calls = new Set(this.members.flatMap((member) => member.calls));
    const bss = this.object.map(".bss");
    const value = bss.lookup(FIRST)!;
    const reported = this.#reported(value);
    reported.forEach((_, number) => {
      reported[number] = (calls.has(number) ? OF_64_BITS : 0) |
        (calls.has(this.#nativeOfCompat[number]!) ? OF_32_BITS : 0);
    });
    bss.update(FIRST, value);
  }
}

/** The shared program of a tracepoint, and the number of tools' programs that use it or are about to. */
interface SharedUse {
  refCount: number;
  readonly attaching: Promise<SharedTracepoint>;
  /** Null until it is attached. */
  shared: SharedTracepoint | null;
}

const sharedUses = new Map<Tracepoint, SharedUse>();

function acquire(tracepoint: Tracepoint): SharedUse {
  let use = sharedUses.get(tracepoint);
  if (use === undefined) {
    use = { refCount: 0, attaching: SharedTracepoint.attach(tracepoint), shared: null };
    sharedUses.set(tracepoint, use);
  }
  use.refCount++;
  return use;
}

function release(tracepoint: Tracepoint, use: SharedUse): void {
  if (--use.refCount > 0) return;
  use.shared?.object.close();
  sharedUses.delete(tracepoint);
}

/** The tracepoint of a program that shares it; null: it is attached as any other. arm64 refuses the tail calls before 6.0. */
function sharedTracepoint(object: BpfObject, program: string): Tracepoint | null {
  if (Deno.build.arch !== "x86_64") return null;
  return TRACEPOINTS.find((each) => program === programOf(each) && object.hasMap(`next_${each}`)) ?? null;
}

/** Whether {@linkcode shareTracepoint} takes this program. */
export function sharesTracepoint(object: BpfObject, program: string): boolean {
  return sharedTracepoint(object, program) !== null;
}

/** A tool's program in the list of a shared tracepoint. */
export interface SharedMember {
  /** How often the kernel has skipped a run of the shared program, for any tool. */
  skippedRuns(): bigint;
  /** Removes the program from the list; may be called twice. */
  close(): void;
}

/**
 * Inserts a loaded program on sys_enter or sys_exit into the list of its tracepoint.
 *
 * @throws {BpfError} the kernel refuses the shared program, or the object was closed in the meantime (ECANCELED)
 */
export async function shareTracepoint(
  tool: string,
  object: BpfObject,
  program: string,
): Promise<SharedMember> {
  const tracepoint = sharedTracepoint(object, program)!;
  const member = { tool, object, calls: reportedCalls(object) };
  const use = acquire(tracepoint);
  try {
    const shared = use.shared = await use.attaching;
    if (object.closed) throw new BpfError(`attach ${program}`, "ECANCELED");
    shared.add(member);
    let open = true;
    return {
      skippedRuns: shared.skippedRunsReader(),
      close: () => {
        if (!open) return;
        open = false;
        shared.remove(member);
        release(tracepoint, use);
      },
    };
  } catch (error) {
    release(tracepoint, use);
    throw error;
  }
}

/** The shared programs in use, with their counters. */
export function sharedPrograms(): SharedProgram[] {
  return attached().map(({ tracepoint, object, members, calls }) => ({
    ...object.programStats(programOf(tracepoint)),
    tools: members.map(({ tool }) => tool).toReversed(),
    program: programOf(tracepoint),
    section: `tp_btf/${tracepoint}`,
    calls,
  }));
}

/** Kernel memory of the shared programs' maps, bytes; null if unknown. */
export function sharedMapBytes(): number | null {
  return attached().reduce<number | null>((sum, { object }) => {
    const bytes = object.mapBytes();
    return sum === null || bytes === null ? null : sum + bytes;
  }, 0);
}

function attached(): SharedTracepoint[] {
  return [...sharedUses.values()].flatMap(({ shared }) => shared ?? []);
}
