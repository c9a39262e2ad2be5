/**
 * Counts by stack, read from the maps of bpf/lib/stacks.bpf.h: what was added in an interval, with the names of the functions.
 *
 * @module
 */
import type { BpfMap, BpfObject, RingBuffer, SymbolTable } from "../../bpf/mod.ts";
import type { Backlog, Sampler } from "../tool.ts";
import { StackCounts, StackKey, StackMissed, StackRecord } from "./layout.gen.ts";
import { growth, mapEntries, sumPerCpu } from "./maps.ts";
import { drainRing } from "./ring.ts";
import { kernelNames, UNKNOWN_CALLERS } from "./stack_frames.ts";
import type { Counters } from "./struct.ts";
import type { UserFrames } from "./user_frames.ts";

/** STACK_FRAMES of bpf/lib/stacks.bpf.h: a stack of so many frames may have been cut. */
const MAX_FRAMES = 127;

/** Above this part of a ring it may be full before the next poll. */
const NEARLY_FULL = 1 / 4;

/** The functions of a stack, outermost first. */
export interface Path {
  readonly kernel: readonly string[];
  readonly user: readonly string[];
}

/** What was added to a stack of a thread or process in an interval. */
export interface CountedStack {
  readonly pid: number;
  /** 0: all threads of the process with this name. */
  readonly tid: number;
  readonly comm: string;
  readonly count: number;
  readonly timeNs: number;
  /** null: the addresses were lost. */
  readonly path: Path | null;
}

/** The stacks of an interval, and what was counted without one because the map was full. */
export interface StackSample {
  readonly stacks: readonly CountedStack[];
  readonly missed: { readonly count: number; readonly timeNs: number };
}

/** The addresses of a stack, innermost first. */
interface Addresses {
  readonly pid: number;
  readonly kernel: readonly bigint[];
  readonly user: readonly bigint[];
  /** Names of `kernel`, outermost first, once they were needed. */
  kernelNames?: readonly string[];
}

/** How addresses become names. */
export interface StackNames {
  readonly symbols: SymbolTable | null;
  readonly user: UserFrames;
  /** Removes frames that do not belong to the stack from the names of the kernel's, innermost first; absent: none. */
  readonly clean?: (names: readonly string[]) => readonly string[];
}

function outermostFirst(names: readonly string[], addresses: readonly bigint[]): readonly string[] {
  const path = names.toReversed();
  return addresses.length >= MAX_FRAMES ? [UNKNOWN_CALLERS, ...path] : path;
}

const NOTHING: Counters<StackCounts> = { count: 0n, time_ns: 0n };

/** The two maps and the ring buffer of bpf/lib/stacks.bpf.h. */
export interface StackMaps {
  readonly counts: Pick<BpfMap, "entries" | "take" | "maxEntries">;
  readonly missed: Pick<BpfMap, "perCpu">;
  readonly ring: Pick<RingBuffer, "backlog" | "size" | "consume">;
}

/** Those of an object. */
export function stackMapsOf(object: BpfObject): StackMaps {
  return {
    counts: object.map("counts"),
    missed: object.map("missed"),
    ring: object.map("events").openRing(),
  };
}

/** Reads {@linkcode StackMaps} at the end of each interval, and the ring buffer also in between. */
export class StackSampler implements Sampler<StackSample> {
  readonly #maps: StackMaps;
  readonly #names: StackNames;
  /** Counters at the last sample, by element. */
  #before: ReadonlyMap<string, Counters<StackCounts>> = new Map();
  #missedBefore: Counters<StackMissed> = NOTHING;
  /** Addresses by hash and process: those of elements in the map, and those that arrived since the last sample. */
  #addresses = new Map<string, Addresses>();
  /** Those before the last sample: the element of a new record may be seen only in the next sample. */
  #older = new Map<string, Addresses>();

  constructor(maps: StackMaps, names: StackNames) {
    this.#maps = maps;
    this.#names = names;
  }

  poll(deadline: number): Backlog {
    const { ring } = this.#maps;
    if (ring.backlog === 0) return "empty";
    const isFilling = ring.backlog > ring.size * NEARLY_FULL;
    if (!this.#drain(deadline)) return "more";
    return isFilling ? "filling" : "quiet";
  }

  sample(): StackSample {
    const after = new Map<string, Counters<StackCounts>>();
    const added: {
      key: Omit<CountedStack, "count" | "timeNs" | "path">;
      id: string;
      growth: [number, number];
    }[] = [];
    const idle: { bytes: Uint8Array<ArrayBuffer>; name: string; index: number }[] = [];
    const used = new Set<string>();
    const entries = this.#maps.counts.entries();
    mapEntries(entries, [StackKey, StackCounts], (key, value) => {
      const { pid, tid, comm } = key;
      const id = `${key.exact("hash")} ${pid}`;
      const name = `${id} ${tid} ${comm}`;
      const counters = value.counters();
      const before = this.#before.get(name);
      after.set(name, counters);
      used.add(id);
      const grown = growthOf(counters, before ?? NOTHING);
      if (grown[0] === 0) {
        if (before !== undefined && value.waiting === 0) {
          idle.push({ bytes: key.copyBytes(), name, index: added.length });
        } else return;
      }
      added.push({ key: { pid, tid, comm }, id, growth: grown });
    });
    for (const { bytes, name, index } of idle) {
      // Programs may have added to it since it was read.
      const value = this.#maps.counts.take(bytes);
      if (value === null) continue;
      const last = new StackCounts(new DataView(value.buffer), 0, value.length).counters();
      added[index]!.growth = growthOf(last, after.get(name)!);
      after.delete(name);
    }
    this.#drain(Infinity);
    const stacks = added.flatMap(({ key, id, growth: [count, timeNs] }): CountedStack[] =>
      count === 0 ? [] : [{ ...key, count, timeNs, path: this.#pathOf(id) }]
    );
    this.#before = after;
    this.#keep(used);
    return { stacks, missed: this.#takeMissed() };
  }

  fill(): number {
    return this.#before.size / this.#maps.counts.maxEntries;
  }

  #drain(deadline: number): boolean {
    const arrived: Addresses[] = [];
    const done = drainRing(this.#maps.ring, (view, at, length) => {
      const record = new StackRecord(view, at, length);
      const { pid, kernel_frames: kernel, user_frames: user } = record;
      const addresses: Addresses = {
        pid,
        kernel: record.trailingU64s(0, kernel),
        user: record.trailingU64s(kernel, user),
      };
      this.#addresses.set(`${record.exact("hash")} ${pid}`, addresses);
      arrived.push(addresses);
    }, deadline);
    if (arrived.length > 0) {
      this.#names.user.resolve(arrived.map(({ pid, user }) => ({ pid, addresses: user })));
    }
    return done;
  }

  /** Drops the addresses of elements that are not in the map any more. */
  #keep(used: ReadonlySet<string>): void {
    const kept = new Map<string, Addresses>();
    for (const id of used) {
      const addresses = this.#find(id);
      if (addresses) kept.set(id, addresses);
    }
    this.#older = this.#addresses;
    this.#addresses = kept;
  }

  #find(id: string): Addresses | undefined {
    return this.#addresses.get(id) ?? this.#older.get(id);
  }

  #pathOf(id: string): Path | null {
    const addresses = this.#find(id);
    if (addresses === undefined) return null;
    const { pid, kernel, user } = addresses;
    const { symbols, clean = (names) => names } = this.#names;
    addresses.kernelNames ??= outermostFirst(clean(kernelNames(kernel, symbols)), kernel);
    return {
      kernel: addresses.kernelNames,
      user: outermostFirst(this.#names.user.frames(pid, user), user),
    };
  }

  #takeMissed(): StackSample["missed"] {
    const missed = sumPerCpu(this.#maps.missed, StackMissed);
    const [count, timeNs] = growthOf(missed, this.#missedBefore);
    this.#missedBefore = missed;
    return { count, timeNs };
  }
}

function growthOf(
  now: Counters<StackCounts>,
  before: Counters<StackCounts>,
): [count: number, timeNs: number] {
  return [growth(now.count, before.count), growth(now.time_ns, before.time_ns)];
}
