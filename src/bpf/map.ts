/**
 * A map of a loaded object: single keys, all entries at once, per-CPU values and ring buffers.
 *
 * @module
 */
import { BpfError, KtopError } from "../errors.ts";
import { checkResult, errnoNumber, MapType, type NativeMap, type RingBuffer } from "../ffi/mod.ts";
import { type Entries, EntryBuffer, readBatch, readByKey } from "./drain.ts";

const ENOENT = -errnoNumber("ENOENT");

const PER_CPU: ReadonlySet<number> = new Set([
  MapType.perCpuHash,
  MapType.perCpuArray,
  MapType.lruPerCpuHash,
]);
const ARRAYS: ReadonlySet<number> = new Set([MapType.array, MapType.perCpuArray]);

const CPUS = "/sys/devices/system/cpu";

/**
 * The numbers of the CPUs in a kernel list such as "0-3,8".
 *
 * @throws {KtopError} the text is not such a list
 */
export function cpuNumbers(list: string): number[] {
  return list.trim().split(",").flatMap((range) => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(range);
    if (match === null) throw new KtopError(`${CPUS} holds "${list.trim()}", not a list of CPUs`);
    const first = Number(match[1]);
    return Array.from({ length: Number(match[2] ?? first) - first + 1 }, (_, i) => first + i);
  });
}

/** The number of CPUs in a kernel list: the highest number plus one, because per-CPU values are laid out by CPU number. */
export function countCpus(list: string): number {
  return Math.max(...cpuNumbers(list)) + 1;
}

/** The CPUs that are online; without /sys, only the first one. */
export function onlineCpus(): number[] {
  try {
    return cpuNumbers(Deno.readTextFileSync(`${CPUS}/online`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [0];
    throw error;
  }
}

let possible = 0;

/** The number of values that a per-CPU map holds for each key: one for each possible CPU. */
export function possibleCpus(): number {
  return possible ||= countCpus(Deno.readTextFileSync(`${CPUS}/possible`));
}

/** A map. It belongs to its object and closes with it; using it later throws TypeError. */
export class BpfMap {
  readonly name: string;
  /** enum bpf_map_type: see {@linkcode MapType}. */
  readonly type: number;
  /** Bytes. */
  readonly keySize: number;
  /** Bytes; on a per-CPU map those of one CPU. */
  readonly valueSize: number;
  /** Entries; of a ring buffer its bytes. */
  readonly maxEntries: number;
  /**
   * Whether `drain` and `entries` read many keys in one call (Linux 5.6). Turns false when the kernel has no batch
   * operation for this type of map; set it to false to read key by key.
   */
  batch = true;
  readonly #native: NativeMap;
  /** Bytes of one value as the kernel copies it. */
  readonly #stride: number;
  #entries: EntryBuffer | null = null;
  #drained: EntryBuffer | null = null;

  /** Takes ownership of `native`. */
  constructor(native: NativeMap) {
    const { name, type, keySize, valueSize, maxEntries } = native.info;
    this.name = name;
    this.type = type;
    this.keySize = keySize;
    this.valueSize = valueSize;
    this.maxEntries = maxEntries;
    this.#native = native;
    this.#stride = PER_CPU.has(type) ? Math.ceil(valueSize / 8) * 8 * possibleCpus() : valueSize;
  }

  /**
   * A copy of the value of `key`, null if there is none. On a per-CPU map it holds the values of all possible
   * CPUs, each rounded up to 8 bytes.
   *
   * @throws {BpfError} the kernel refused
   */
  lookup(key: Uint8Array): Uint8Array<ArrayBuffer> | null {
    this.#checkSize("key", key, this.keySize);
    const value = new Uint8Array(this.#stride);
    const result = this.#native.lookup(key, value);
    if (result === ENOENT) return null;
    checkResult(`look up in map ${this.name}`, result);
    return value;
  }

  /**
   * The values of `key` on all possible CPUs, in one copy: CPU `i` starts at `i` × valueSize rounded up to 8.
   *
   * @throws {BpfError} the key is absent or the kernel refused
   */
  perCpu(key: Uint8Array): Uint8Array<ArrayBuffer> {
    if (!PER_CPU.has(this.type)) throw new TypeError(`map ${this.name} has no values per CPU`);
    const values = this.lookup(key);
    if (values === null) throw new BpfError(`look up in map ${this.name}`, "ENOENT");
    return values;
  }

  /**
   * Sets the value of `key`, and adds it when it is absent.
   *
   * @throws {BpfError} E2BIG: the map is full
   */
  update(key: Uint8Array, value: Uint8Array): void {
    this.#checkSize("key", key, this.keySize);
    this.#checkSize("value", value, this.#stride);
    checkResult(`update map ${this.name}`, this.#native.update(key, value));
  }

  /** Deletes `key`; false when it was absent. */
  delete(key: Uint8Array): boolean {
    this.#checkSize("key", key, this.keySize);
    const result = this.#native.delete(key);
    if (result === ENOENT) return false;
    checkResult(`delete from map ${this.name}`, result);
    return true;
  }

  /**
   * Reads and deletes all entries of a hash map, each in one operation: a program that looks its key up later finds nothing. What
   * a program adds to an element that it had found before is lost. The next `drain` of this map reuses the result's buffers.
   *
   * @throws {BpfError} the kernel refused
   */
  drain(): Entries {
    if (ARRAYS.has(this.type)) {
      throw new TypeError(`map ${this.name} is an array: its entries cannot be deleted`);
    }
    return this.#read(true, this.#drained ??= this.#newBuffer());
  }

  /** Reads all entries and keeps them in the map. The next `entries` of this map reuses the result's buffers. */
  entries(): Entries {
    return this.#read(false, this.#entries ??= this.#newBuffer());
  }

  #newBuffer(): EntryBuffer {
    return new EntryBuffer(this.keySize, this.#stride);
  }

  #read(remove: boolean, into: EntryBuffer): Entries {
    this.batch &&= readBatch(this.#native, remove, into);
    if (!this.batch) readByKey(this.#native, remove, into);
    return into;
  }

  /**
   * An unsigned integer of .bss, .data or .rodata, read from memory shared with the kernel, without a system call.
   *
   * @param offset bytes from the start of the value
   * @param size 4 or 8 bytes
   * @throws {BpfError} the map was not created with BPF_F_MMAPABLE
   */
  readUnsigned(offset: number, size: number): bigint {
    return this.#native.readUnsigned(offset, size);
  }

  /**
   * Stores a __u32 of .bss or .data, in memory shared with the kernel.
   *
   * @param offset bytes from the start of the value
   * @throws {BpfError} the map was not created with BPF_F_MMAPABLE, or it is read-only
   */
  writeU32(offset: number, value: number): void {
    this.#native.writeU32(offset, value);
  }

  /**
   * The reader of a ring buffer. A ring has one reader at a time: reading moves the consumer position. It closes with
   * the map.
   *
   * @param awaited whether {@linkcode ringArrival} waits for its records, too. False: no poll reads it, and its records would keep
   * waking ktop up until the end of the interval.
   * @throws {TypeError} the map is not a ring buffer
   * @throws {BpfError} mmap failed
   */
  openRing({ awaited = true }: { readonly awaited?: boolean } = {}): RingBuffer {
    if (this.type !== MapType.ringbuf) throw new TypeError(`map ${this.name} is not a ring buffer`);
    return this.#native.openRing(awaited);
  }

  /** Unmaps its memory and drops its buffers. The object calls it; may be called twice. */
  close(): void {
    this.#native.close();
    this.#entries = null;
    this.#drained = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #checkSize(what: string, bytes: Uint8Array, size: number): void {
    if (bytes.length !== size) {
      throw new TypeError(`a ${what} of map ${this.name} has ${size} bytes, not ${bytes.length}`);
    }
  }
}
