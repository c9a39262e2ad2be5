/**
 * Reads many entries of a map at once. Deleting is part of the reading, so that no count falls in between.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { bpf, errnoName, errnoNumber } from "../ffi/mod.ts";

const ENOENT = -errnoNumber("ENOENT");
const ENOSPC = -errnoNumber("ENOSPC");
const EINTR = -errnoNumber("EINTR");
const EAGAIN = -errnoNumber("EAGAIN");

/** What kernels answer to a map operation that the map's type lacks. */
const UNSUPPORTED: ReadonlySet<number> = new Set(
  ["EINVAL", "ENOTSUPP", "EOPNOTSUPP"].map((name) => -errnoNumber(name)),
);

/**
 * Entries read from a map: key `i` begins at `i * keySize` of `keys`, value `i` at `i * valueSize` of `values`.
 * Both views show buffers that the next read of the same map fills again: take out what is needed before.
 */
export interface Entries {
  /** Number of entries. */
  readonly count: number;
  readonly keys: DataView;
  readonly values: DataView;
  /** Bytes from key to key. */
  readonly keySize: number;
  /** Bytes from value to value; on a per-CPU map each holds a value per possible CPU. */
  readonly valueSize: number;
}

/** Where entries come from. */
export interface Source {
  /** For messages: "drain map counts". */
  readonly what: string;
  readonly fd: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly remove: boolean;
}

const FIRST_CAPACITY = 256;

/** The buffers of one map, kept between reads. */
export class EntryBuffer implements Entries {
  count = 0;
  keys: DataView<ArrayBuffer>;
  values: DataView<ArrayBuffer>;
  readonly keySize: number;
  readonly valueSize: number;
  #capacity = FIRST_CAPACITY;
  #keyBytes: Uint8Array<ArrayBuffer>;
  #valueBytes: Uint8Array<ArrayBuffer>;

  /** @param valueSize bytes per entry, on a per-CPU map those of all possible CPUs */
  constructor(keySize: number, valueSize: number) {
    this.keySize = keySize;
    this.valueSize = valueSize;
    this.#keyBytes = new Uint8Array(keySize * FIRST_CAPACITY);
    this.#valueBytes = new Uint8Array(valueSize * FIRST_CAPACITY);
    this.keys = new DataView(this.#keyBytes.buffer);
    this.values = new DataView(this.#valueBytes.buffer);
  }

  /** Entries that still fit. */
  get room(): number {
    return this.#capacity - this.count;
  }

  /** The bytes behind the last key, and behind the last value. */
  tail(): { keys: Uint8Array<ArrayBuffer>; values: Uint8Array<ArrayBuffer> } {
    return {
      keys: this.#keyBytes.subarray(this.count * this.keySize),
      values: this.#valueBytes.subarray(this.count * this.valueSize),
    };
  }

  /** Makes room for twice as many, keeping what is there. */
  grow(): void {
    this.#capacity *= 2;
    this.#keyBytes = larger(this.#keyBytes);
    this.#valueBytes = larger(this.#valueBytes);
    this.keys = new DataView(this.#keyBytes.buffer);
    this.values = new DataView(this.#valueBytes.buffer);
  }
}

function larger(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes.length * 2);
  copy.set(bytes);
  return copy;
}

/**
 * Fills `into` by BPF_MAP_LOOKUP_BATCH or BPF_MAP_LOOKUP_AND_DELETE_BATCH (Linux 5.6).
 *
 * @returns false when this kernel has no batch operation for such a map; nothing has been read then
 * @throws {BpfError} any other failure
 */
export function readBatch(source: Source, into: EntryBuffer): boolean {
  const read = source.remove ? bpf().bpf_map_lookup_and_delete_batch : bpf().bpf_map_lookup_batch;
  // A position is a key or, in hash maps, a 32-bit bucket number.
  const position = new Uint8Array(Math.max(4, source.keySize));
  const next = new Uint8Array(position.length);
  const count = new Uint32Array(1);
  let started = false;
  into.count = 0;
  for (;;) {
    if (into.room === 0) into.grow();
    const { keys, values } = into.tail();
    count[0] = into.room;
    const result = read(source.fd, started ? position : null, next, keys, values, count, null);
    if (result === 0 || result === ENOENT) {
      into.count += count[0];
      if (result === ENOENT) return true;
      position.set(next);
      started = true;
    } else if (result === ENOSPC) {
      into.grow(); // one bucket holds more than fits; the same position again
    } else if (!started && UNSUPPORTED.has(result)) {
      return false;
    } else if (result !== EINTR && result !== EAGAIN) {
      throw new BpfError(source.what, errnoName(result));
    }
  }
}

/**
 * Fills `into` key by key. Keys are collected first, because deleting while walking starts the walk again. Where
 * the kernel has no lookup-and-delete of one key (hash maps before Linux 5.14), what is added between the lookup
 * and the deletion is lost.
 *
 * @throws {BpfError} when a lookup fails for another reason than that the key is gone
 */
export function readByKey(source: Source, into: EntryBuffer): void {
  const keys = collectKeys(source);
  into.count = 0;
  for (const key of keys) {
    if (into.room === 0) into.grow();
    const tail = into.tail();
    const result = source.remove
      ? take(source.fd, key, tail.values)
      : bpf().bpf_map_lookup_elem(source.fd, key, tail.values);
    if (result === ENOENT) continue;
    if (result < 0) throw new BpfError(source.what, errnoName(result));
    tail.keys.set(key);
    into.count++;
  }
}

function collectKeys(source: Source): Uint8Array<ArrayBuffer>[] {
  const keys: Uint8Array<ArrayBuffer>[] = [];
  let key: Uint8Array<ArrayBuffer> | null = null;
  for (;;) {
    const next = new Uint8Array(source.keySize);
    const result = bpf().bpf_map_get_next_key(source.fd, key, next);
    if (result === ENOENT) return keys;
    if (result < 0) throw new BpfError(source.what, errnoName(result));
    keys.push(next);
    key = next;
  }
}

function take(fd: number, key: Uint8Array<ArrayBuffer>, value: Uint8Array<ArrayBuffer>): number {
  const result = bpf().bpf_map_lookup_and_delete_elem(fd, key, value);
  if (!UNSUPPORTED.has(result)) return result;
  const found = bpf().bpf_map_lookup_elem(fd, key, value);
  return found < 0 ? found : bpf().bpf_map_delete_elem(fd, key);
}
