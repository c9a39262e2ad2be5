/**
 * A map of a loaded object: single keys, all entries at once, per-CPU values, and global data as mapped memory.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { bpf, errnoName, errnoNumber, Mapping, pageSize } from "../ffi/mod.ts";
import { possibleCpus } from "./cpus.ts";
import { type Entries, EntryBuffer, readBatch, readByKey } from "./drain.ts";

const ENOENT = -errnoNumber("ENOENT");

/** enum bpf_map_type of include/uapi/linux/bpf.h, those that ktop's programs use. */
export const MapType = {
  hash: 1,
  array: 2,
  perCpuHash: 5,
  perCpuArray: 6,
  lruHash: 9,
  lruPerCpuHash: 10,
  ringbuf: 27,
} as const;

const PER_CPU: ReadonlySet<number> = new Set([
  MapType.perCpuHash,
  MapType.perCpuArray,
  MapType.lruPerCpuHash,
]);
const ARRAYS: ReadonlySet<number> = new Set([MapType.array, MapType.perCpuArray]);

/** What libbpf knows of a map once its object is loaded. */
export interface MapInfo {
  readonly name: string;
  /** enum bpf_map_type: see {@linkcode MapType}. */
  readonly type: number;
  /** Bytes. */
  readonly keySize: number;
  /** Bytes, on a per-CPU map those of one CPU. */
  readonly valueSize: number;
  /** Entries; of a ring buffer the bytes it holds. */
  readonly maxEntries: number;
  readonly fd: number;
}

/** A map. It belongs to its object and closes with it; using it later throws TypeError. */
export class BpfMap implements MapInfo {
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly #fd: number;
  /** Bytes of one value as the kernel hands it out. */
  readonly #stride: number;
  #entries: EntryBuffer | null = null;
  #globals: Mapping | null = null;
  #batch = true;
  #open = true;
  readonly #adopted: { close(): void }[] = [];

  constructor(info: MapInfo) {
    this.name = info.name;
    this.type = info.type;
    this.keySize = info.keySize;
    this.valueSize = info.valueSize;
    this.maxEntries = info.maxEntries;
    this.#fd = info.fd;
    this.#stride = PER_CPU.has(info.type)
      ? Math.ceil(info.valueSize / 8) * 8 * possibleCpus()
      : info.valueSize;
  }

  /** The map's file descriptor; it belongs to the object. */
  get fd(): number {
    if (!this.#open) throw new TypeError(`map ${this.name} is closed`);
    return this.#fd;
  }

  /**
   * A copy of the value of `key`, null when there is none. On a per-CPU map it holds the values of all possible
   * CPUs, each rounded up to 8 bytes.
   *
   * @throws {BpfError} the kernel refused
   */
  lookup(key: Uint8Array): Uint8Array<ArrayBuffer> | null {
    this.#check("key", key, this.keySize);
    const value = new Uint8Array(this.#stride);
    const result = bpf().bpf_map_lookup_elem(this.fd, key, value);
    if (result === ENOENT) return null;
    if (result < 0) throw new BpfError(`look up in map ${this.name}`, errnoName(result));
    return value;
  }

  /**
   * The values of `key` on all possible CPUs, in one copy: CPU `i` begins at `i` × valueSize rounded up to 8.
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
   * Sets the value of `key`, adding it where needed.
   *
   * @throws {BpfError} E2BIG: the map is full
   */
  update(key: Uint8Array, value: Uint8Array): void {
    this.#check("key", key, this.keySize);
    this.#check("value", value, this.#stride);
    const result = bpf().bpf_map_update_elem(this.fd, key, value, 0n);
    if (result < 0) throw new BpfError(`update map ${this.name}`, errnoName(result));
  }

  /** Deletes `key`; false when it was not there. */
  delete(key: Uint8Array): boolean {
    this.#check("key", key, this.keySize);
    const result = bpf().bpf_map_delete_elem(this.fd, key);
    if (result < 0 && result !== ENOENT) {
      throw new BpfError(`delete from map ${this.name}`, errnoName(result));
    }
    return result === 0;
  }

  /**
   * Takes all entries out of a hash map. Each is read and deleted in one operation, so that what programs count
   * meanwhile is either in this result or in the next. The result's buffers are used again by the next `drain` or
   * `entries` of this map.
   *
   * @throws {BpfError} the kernel refused
   */
  drain(): Entries {
    if (ARRAYS.has(this.type)) {
      throw new TypeError(`map ${this.name} is an array: its entries cannot be deleted`);
    }
    return this.#read(true);
  }

  /** All entries, left where they are. The buffers are shared with {@linkcode BpfMap.drain}. */
  entries(): Entries {
    return this.#read(false);
  }

  #read(remove: boolean): Entries {
    const { fd, keySize } = this;
    const into = this.#entries ??= new EntryBuffer(keySize, this.#stride);
    const what = `${remove ? "drain" : "read"} map ${this.name}`;
    const source = { what, fd, keySize, valueSize: this.#stride, remove };
    this.#batch &&= readBatch(source, into);
    if (!this.#batch) readByKey(source, into);
    return into;
  }

  /**
   * Global variables (.bss, .data, .rodata) as the kernel sees them now, without any call: the map's memory, mapped.
   * The view is good until the object closes; then it throws TypeError. It must not be written to.
   *
   * @throws {BpfError} the map was not made with BPF_F_MMAPABLE
   */
  globals(): DataView<ArrayBuffer> {
    const length = Math.ceil(this.valueSize * this.maxEntries / pageSize()) * pageSize();
    this.#globals ??= new Mapping(this.fd, length, { what: `map ${this.name}`, write: false });
    return new DataView(this.#globals.buffer, 0, this.valueSize);
  }

  /** Has `resource` closed when the map closes. For readers that map its memory. */
  adopt(resource: { close(): void }): void {
    this.#adopted.push(resource);
  }

  /** Forgets the map and unmaps its memory. The object calls it; may be called again. */
  close(): void {
    this.#open = false;
    for (const resource of this.#adopted.splice(0)) resource.close();
    this.#globals?.close();
    this.#globals = null;
    this.#entries = null;
  }

  #check(what: string, bytes: Uint8Array, size: number): void {
    if (bytes.length !== size) {
      throw new TypeError(`a ${what} of map ${this.name} has ${size} bytes, not ${bytes.length}`);
    }
  }
}
