/**
 * Counts by stack of an interval, with the names of the functions, read from the maps of bpf/lib/stacks.bpf.h.
 *
 * @module
 */
import type { BpfMap, BpfObject, Entries, RingBuffer, SymbolTable } from "../../bpf/mod.ts";
import { UNKNOWN_CALLERS } from "../../symbols/mod.ts";
import type { Backlog, Sampler } from "../tool.ts";
import { DoubleHash } from "./double_hash.ts";
import { StackCounts, StackId, StackKey, StackRecord } from "./layout.gen.ts";
import { growth, mapEntries, sumPerCpu } from "./maps.ts";
import { drainRing } from "./ring.ts";
import { kernelName, maxStack, namesWithoutOwn, type OwnFrames } from "./stack_frames.ts";
import { type Counters, pack } from "./struct.ts";
import type { UserFrames } from "./user_frames.ts";
import { type Who, whoOf } from "./who.ts";

/** STACK_FRAMES of bpf/lib/stacks.bpf.h. */
const MAX_FRAMES = 127;

/** Above this part of a ring it may be full before the next poll. */
const NEARLY_FULL = 1 / 4;

/** Stacks whose addresses are kept although they are not in use: half of what the map `sent` holds. */
const KEPT_STACKS = 8192;

/** The functions of a stack, outermost first. */
export interface Path {
  readonly kernel: readonly string[];
  readonly user: readonly string[];
}

/** What was counted with a stack of a thread or process in an interval. */
export interface CountedStack {
  readonly pid: number;
  /** 0: all threads of the process with this name. */
  readonly tid: number;
  readonly comm: string;
  readonly who: Who;
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
  readonly hash: bigint;
  readonly pid: number;
  readonly kernel: readonly bigint[];
  readonly user: readonly bigint[];
  /** The sample that last had it. */
  usedAt: number;
}

/** How addresses become names. */
export interface StackNames {
  readonly symbols: SymbolTable | null;
  readonly user: UserFrames;
  readonly own: OwnFrames;
}

/** What {@linkcode StackSampler} reads. */
export interface StackMaps {
  readonly counts: Pick<DoubleHash, "take" | "maxEntries">;
  readonly missed: Pick<BpfMap, "perCpu">;
  readonly sent: Pick<BpfMap, "delete">;
  readonly ring: Pick<RingBuffer, "backlog" | "size" | "consume">;
  /** Keys of the stacks that will be counted when a wait in progress ends; absent: there are none. */
  readonly waiting?: () => readonly StackIdentity[];
  /** A stack of so many frames may have been cut. */
  readonly maxFrames: number;
}

/** A stack of a process. */
export type StackIdentity = Pick<Addresses, "hash" | "pid">;

const idOf = ({ hash, pid }: StackIdentity): string => `${hash} ${pid}`;

/** The maps of an object. `waiting`: see {@linkcode StackMaps}. */
export function stackMapsOf(object: BpfObject, waiting?: StackMaps["waiting"]): StackMaps {
  return {
    counts: new DoubleHash(object, "counts", StackCounts),
    missed: object.map("missed"),
    sent: object.map("sent"),
    ring: object.map("events").openRing(),
    waiting,
    maxFrames: Math.min(MAX_FRAMES, maxStack()),
  };
}

/** Reads {@linkcode StackMaps} at the end of each interval, and the ring buffer also in between. */
export class StackSampler implements Sampler<StackSample> {
  readonly #maps: StackMaps;
  readonly #names: StackNames;
  #missed: Counters<StackCounts> = { count: 0n, time_ns: 0n };
  /** Addresses of the stacks in the map `sent`. */
  readonly #addresses = new Map<string, Addresses>();
  /** Those that the last sample deleted from the map: a program may have found them there just before. */
  #deleted = new Map<string, Addresses>();
  /** Names of kernel functions by the addresses that stacks had. */
  readonly #kernelNames = new Map<bigint, string>();
  #samples = 0;
  #fill = 0;

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
    this.#samples++;
    const entries = this.#maps.counts.take();
    // A program writes the addresses before it counts.
    this.#drain(Infinity);
    const stacks = this.#readStacks(entries);
    // A process id may belong to another program by now: known stacks too.
    this.#resolve([...this.#addresses.values()].filter(({ usedAt }) => usedAt === this.#samples));
    this.#fill = entries.count / this.#maps.counts.maxEntries;
    this.#deleteUnused();
    return { stacks, missed: this.#takeMissed() };
  }

  /** A sample is complete in itself. */
  previous(): StackSample {
    return { stacks: [], missed: { count: 0, timeNs: 0 } };
  }

  fill(): number {
    return this.#fill;
  }

  #readStacks(entries: Entries): CountedStack[] {
    return mapEntries(entries, [StackKey, StackCounts], (key, { count, time_ns: timeNs }) => {
      const id = idOf({ hash: key.exact("hash"), pid: key.pid });
      const addresses = this.#addresses.get(id) ?? this.#deleted.get(id);
      if (addresses) addresses.usedAt = this.#samples;
      const { pid, tid, comm } = key;
      return {
        pid,
        tid,
        comm,
        who: whoOf(key, pid),
        count,
        timeNs,
        path: addresses ? this.#pathOf(addresses) : null,
      };
    });
  }

  #drain(deadline: number): boolean {
    const arrived: Addresses[] = [];
    const done = drainRing(this.#maps.ring, (view, at, length) => {
      const record = new StackRecord(view, at, length);
      const { id: { pid }, kernel_frames: kernel, user_frames: user } = record;
      const addresses: Addresses = {
        hash: record.id.exact("hash"),
        pid,
        kernel: record.trailingU64s(0, kernel),
        user: record.trailingU64s(kernel, user),
        usedAt: this.#samples,
      };
      this.#addresses.set(idOf(addresses), addresses);
      arrived.push(addresses);
    }, deadline);
    this.#resolve(arrived);
    return done;
  }

  #resolve(stacks: readonly Addresses[]): void {
    const requests = stacks.flatMap(({ pid, user }) => user.length > 0 ? [{ pid, addresses: user }] : []);
    if (requests.length > 0) this.#names.user.resolve(requests);
  }

  /** Drops stacks that neither this nor the last interval had, if there are many; a program that sees one again writes it again. */
  #deleteUnused(): void {
    this.#deleted = new Map();
    if (this.#addresses.size <= KEPT_STACKS) return;
    const waiting = new Set(this.#maps.waiting?.().map(idOf));
    for (const [id, addresses] of this.#addresses) {
      if (addresses.usedAt >= this.#samples - 1 || waiting.has(id)) continue;
      const { hash, pid } = addresses;
      this.#maps.sent.delete(pack(StackId, { hash, pid }));
      this.#addresses.delete(id);
      this.#deleted.set(id, addresses);
    }
  }

  #pathOf({ pid, kernel, user }: Addresses): Path {
    const names = namesWithoutOwn(kernel, (address) => this.#kernelName(address), this.#names.own);
    return {
      kernel: this.#outermostFirst(names, kernel),
      user: this.#outermostFirst(this.#names.user.frames(pid, user), user),
    };
  }

  #outermostFirst(names: readonly string[], addresses: readonly bigint[]): readonly string[] {
    const path = names.toReversed();
    const isCut = addresses.length > 0 && addresses.length >= this.#maps.maxFrames;
    return isCut && path[0] !== UNKNOWN_CALLERS ? [UNKNOWN_CALLERS, ...path] : path;
  }

  #kernelName(address: bigint): string {
    const known = this.#kernelNames.get(address);
    if (known !== undefined) return known;
    const name = kernelName(address, this.#names.symbols);
    this.#kernelNames.set(address, name);
    return name;
  }

  #takeMissed(): StackSample["missed"] {
    const before = this.#missed;
    const now = this.#missed = sumPerCpu(this.#maps.missed, StackCounts);
    return { count: growth(now.count, before.count), timeNs: growth(now.time_ns, before.time_ns) };
  }
}
