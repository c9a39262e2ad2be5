/**
 * Reads all entries of a map, and deletes them if asked.
 *
 * @module
 */
import { checkResult, errnoNumber, type NativeMap } from "../ffi/mod.ts";

const ENOENT = -errnoNumber("ENOENT");
const ENOSPC = -errnoNumber("ENOSPC");
const EINTR = -errnoNumber("EINTR");
const EAGAIN = -errnoNumber("EAGAIN");

/** Errors of an operation that the map's type does not support. */
const UNSUPPORTED: ReadonlySet<number> = new Set(
  ["EINVAL", "ENOTSUPP", "EOPNOTSUPP"].map((name) => -errnoNumber(name)),
);

/**
 * Entries read from a map: key `i` starts at `i * keySize` of `keys`, value `i` at `i * valueSize` of `values`. The
 * next such read of the same map reuses both buffers: copy what is needed before.
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

  /** Number of entries that still fit. */
  get room(): number {
    return this.#capacity - this.count;
  }

  /** The free bytes after the last key, and after the last value. */
  tail(): { keys: Uint8Array<ArrayBuffer>; values: Uint8Array<ArrayBuffer> } {
    return {
      keys: this.#keyBytes.subarray(this.count * this.keySize),
      values: this.#valueBytes.subarray(this.count * this.valueSize),
    };
  }

  /** Doubles the capacity and keeps the entries. */
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

/** For messages. */
const operation = (map: NativeMap, remove: boolean): string =>
  `${remove ? "drain" : "read"} map ${map.info.name}`;

/**
 * Fills `into` by BPF_MAP_LOOKUP_BATCH or BPF_MAP_LOOKUP_AND_DELETE_BATCH (Linux 5.6).
 *
 * @returns false when this kernel has no batch operation for such a map; nothing has been read then
 * @throws {BpfError} any other failure
 */
export function readBatch(map: NativeMap, remove: boolean, into: EntryBuffer): boolean {
  // A position is a key or, in hash maps, a 32-bit bucket number.
  const position = new Uint8Array(Math.max(4, into.keySize));
  const next = new Uint8Array(position.length);
  const count = new Uint32Array(1);
  let started = false;
  into.count = 0;
  for (;;) {
    if (into.room === 0) into.grow();
    count[0] = into.room;
    const batch = { from: started ? position : null, next, ...into.tail(), count };
    const result = remove ? map.lookupAndDeleteBatch(batch) : map.lookupBatch(batch);
    if (result === 0 || result === ENOENT) {
      into.count += count[0];
      if (result === ENOENT) return true;
      position.set(next);
      started = true;
    } else if (result === ENOSPC) {
      into.grow(); // a bucket holds more than fits: retry at the same position
    } else if (!started && UNSUPPORTED.has(result)) {
      return false;
    } else if (result !== EINTR && result !== EAGAIN) {
      checkResult(operation(map, remove), result);
    }
  }
}

/**
 * Fills `into` key by key. Keys are collected first, because deleting restarts the iteration. If the kernel has no
 * lookup-and-delete of one key (hash maps before Linux 5.14, commit 3e87f192b405), counts added between lookup and
 * deletion are lost.
 *
 * @throws {BpfError} a lookup failed for another reason than that the key is gone
 */
export function readByKey(map: NativeMap, remove: boolean, into: EntryBuffer): void {
  const keys = collectKeys(map, remove);
  into.count = 0;
  for (const key of keys) {
    if (into.room === 0) into.grow();
    const tail = into.tail();
    const result = remove ? takeEntry(map, key, tail.values) : map.lookup(key, tail.values);
    if (result === ENOENT) continue;
    checkResult(operation(map, remove), result);
    tail.keys.set(key);
    into.count++;
  }
}

function collectKeys(map: NativeMap, remove: boolean): Uint8Array<ArrayBuffer>[] {
  const keys: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const next = new Uint8Array(map.info.keySize);
    const result = map.nextKey(keys.at(-1) ?? null, next);
    if (result === ENOENT) return keys;
    checkResult(operation(map, remove), result);
    keys.push(next);
  }
}

function takeEntry(
  map: NativeMap,
  key: Uint8Array<ArrayBuffer>,
  value: Uint8Array<ArrayBuffer>,
): number {
  const result = map.lookupAndDelete(key, value);
  if (!UNSUPPORTED.has(result)) return result;
  const found = map.lookup(key, value);
  return found < 0 ? found : map.delete(key);
}
