/**
 * A BPF map by its descriptor. Sizes of keys and values are the caller's to check; results are 0 or a negative errno.
 *
 * @module
 */
import { bpf } from "./libbpf.ts";
import { MappedMemory } from "./memory.ts";
import { pageSize } from "./process.ts";
import { watchRing } from "./ring_arrivals.ts";
import { RingBuffer } from "./ring_buffer.ts";

/** enum bpf_map_type of include/uapi/linux/bpf.h: those that ktop's programs use. */
export const MapType = {
  hash: 1,
  array: 2,
  perCpuHash: 5,
  perCpuArray: 6,
  lruHash: 9,
  lruPerCpuHash: 10,
  ringbuf: 27,
} as const;

/** The definition of a map. */
export interface MapInfo {
  readonly name: string;
  /** enum bpf_map_type: see {@linkcode MapType}. */
  readonly type: number;
  /** Bytes. */
  readonly keySize: number;
  /** Bytes; on a per-CPU map those of one CPU. */
  readonly valueSize: number;
  /** Entries; of a ring buffer its bytes. */
  readonly maxEntries: number;
}

/** The buffers of one batch operation; see bpf_map_lookup_batch of libbpf's bpf.h. */
export interface Batch {
  /** End position of the last batch; null to start. */
  readonly from: Uint8Array | null;
  /** Receives the end position of this batch. */
  readonly next: Uint8Array;
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
  /** One number: in, entries that fit; out, entries read. */
  readonly count: Uint32Array;
}

/** A map. It does not own the descriptor; after `close` every method throws TypeError. */
export class NativeMap {
  readonly info: MapInfo;
  readonly #fd: number;
  readonly #values: MappedMemory[] = [];
  #view: DataView | null = null;
  #writableView: DataView | null = null;
  readonly #rings: RingBuffer[] = [];
  #open = true;

  constructor(info: MapInfo, fd: number) {
    this.info = info;
    this.#fd = fd;
  }

  get #descriptor(): number {
    if (!this.#open) throw new TypeError(`map ${this.info.name} is closed`);
    return this.#fd;
  }

  /** Copies the value of `key` to `value`. */
  lookup(key: Uint8Array, value: Uint8Array): number {
    return bpf().bpf_map_lookup_elem(this.#descriptor, key, value);
  }

  /** Copies the value of `key` to `value` and deletes the entry (hash maps: Linux 5.14). */
  lookupAndDelete(key: Uint8Array, value: Uint8Array): number {
    return bpf().bpf_map_lookup_and_delete_elem(this.#descriptor, key, value);
  }

  /** Adds or replaces an entry. */
  update(key: Uint8Array, value: Uint8Array): number {
    return bpf().bpf_map_update_elem(this.#descriptor, key, value, 0n);
  }

  delete(key: Uint8Array): number {
    return bpf().bpf_map_delete_elem(this.#descriptor, key);
  }

  /** Copies the key after `key`, of null the first one, to `next`. */
  nextKey(key: Uint8Array | null, next: Uint8Array): number {
    return bpf().bpf_map_get_next_key(this.#descriptor, key, next);
  }

  /** Reads many entries in one call (BPF_MAP_LOOKUP_BATCH, Linux 5.6). */
  lookupBatch({ from, next, keys, values, count }: Batch): number {
    return bpf().bpf_map_lookup_batch(this.#descriptor, from, next, keys, values, count, null);
  }

  /** Reads and deletes many entries in one call (BPF_MAP_LOOKUP_AND_DELETE_BATCH, Linux 5.6). */
  lookupAndDeleteBatch({ from, next, keys, values, count }: Batch): number {
    return bpf().bpf_map_lookup_and_delete_batch(this.#descriptor, from, next, keys, values, count, null);
  }

  /**
   * The unsigned integer of 4 or 8 bytes at `offset` of the first value, read from shared memory without a system call.
   *
   * @throws {BpfError} the map was not created with BPF_F_MMAPABLE
   */
  readUnsigned(offset: number, size: number): bigint {
    const view = this.#view ??= this.#mapValue(false);
    return size === 8 ? view.getBigUint64(offset, true) : BigInt(view.getUint32(offset, true));
  }

  /**
   * Stores a __u32 at `offset` of the first value, in memory shared with the kernel.
   *
   * @throws {BpfError} the map was not created with BPF_F_MMAPABLE, or it is read-only
   */
  writeU32(offset: number, value: number): void {
    (this.#writableView ??= this.#mapValue(true)).setUint32(offset, value, true);
  }

  #mapValue(write: boolean): DataView {
    const { name, valueSize, maxEntries } = this.info;
    const length = Math.ceil(valueSize * maxEntries / pageSize()) * pageSize();
    const memory = new MappedMemory(this.#descriptor, length, { what: `map ${name}`, write });
    this.#values.push(memory);
    return new DataView(memory.buffer, 0, valueSize);
  }

  /** Maps a ring buffer for reading; it closes with the map. @param awaited see ringArrival() @throws {BpfError} mmap failed */
  openRing(awaited: boolean): RingBuffer {
    const ring = new RingBuffer(this.#descriptor, this.info.maxEntries, this.info.name);
    this.#rings.push(ring);
    if (awaited) watchRing(this.#fd);
    return ring;
  }

  /** Unmaps what was mapped; may be called twice. */
  close(): void {
    this.#open = false;
    for (const value of this.#values) value.close();
    for (const ring of this.#rings) ring.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
