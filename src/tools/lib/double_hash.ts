/**
 * Counters of an interval by key, in two hashes that programs write to in turn (bpf/lib/double_hash.bpf.h).
 *
 * @module
 */
import type { BpfMap, BpfObject, Entries } from "../../bpf/mod.ts";
import type { Struct, StructClass } from "./struct.ts";

type Hash = Pick<BpfMap, "entries" | "drain" | "maxEntries" | "keySize" | "valueSize">;

const U64_BYTES = 8;

const bytesOf = (view: DataView, length: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, length);

/** Whether two buffers begin with the same bytes. Compares four at a time: a thousand files have 300 kB. */
function areEqual(a: DataView, b: DataView, length: number): boolean {
  const words = length >> 2;
  const [wordsOfA, wordsOfB] = [a, b].map(({ buffer, byteOffset }) =>
    new Int32Array(buffer, byteOffset, words)
  );
  for (let i = 0; i < words; i++) if (wordsOfA![i] !== wordsOfB![i]) return false;
  const [bytesOfA, bytesOfB] = [bytesOf(a, length), bytesOf(b, length)];
  for (let i = 4 * words; i < length; i++) if (bytesOfA[i] !== bytesOfB[i]) return false;
  return true;
}

const isUnchanged = (now: Entries, before: Entries): boolean =>
  now.count === before.count &&
  areEqual(now.keys, before.keys, now.count * now.keySize) &&
  areEqual(now.values, before.values, now.count * now.valueSize);

/** Which entry has a key, by the key's bytes. */
function indexByKey({ count, keys, keySize }: Entries): Map<string, number> {
  const all = bytesOf(keys, count * keySize);
  return new Map(
    Array.from(
      { length: count },
      (_, i) => [all.subarray(i * keySize, (i + 1) * keySize).join(), i] as const,
    ),
  );
}

/** The u64 member that is no counter. */
const CGROUP = "cgroup_id";

/** Where the counters of a value are, in units of 8 bytes. */
function counterPlaces({ layout }: StructClass): number[] {
  const places = Object.entries(layout.members).flatMap(([name, { type, offset, length = 1 }]) =>
    type === "u64" && name !== CGROUP ? Array.from({ length }, (_, i) => offset / U64_BYTES + i) : []
  );
  if (places.length === 0) throw new Error("a value of a DoubleHash has no counters");
  return places;
}

/** The values as numbers of 8 bytes: a struct with a u64 has a multiple of 8 bytes. */
const wordsOf = ({ values }: Entries): BigUint64Array =>
  new BigUint64Array(values.buffer, values.byteOffset, values.byteLength / U64_BYTES);

/** A copy of entries that holds `room` more. */
function copyOf(entries: Entries, room: number): { -readonly [K in keyof Entries]: Entries[K] } {
  const { count, keySize, valueSize } = entries;
  const grown = (view: DataView, size: number): DataView => {
    const bytes = new Uint8Array((count + room) * size);
    bytes.set(bytesOf(view, count * size));
    return new DataView(bytes.buffer);
  };
  return {
    count,
    keySize,
    valueSize,
    keys: grown(entries.keys, keySize),
    values: grown(entries.values, valueSize),
  };
}

/**
 * `entries` with what one hash grew by between two reads: added to the entry of the same key, or as an entry of its own.
 *
 * @param growth the hash as it was read first, and later
 * @param counters where a value has counters, in units of 8 bytes
 */
function addGrowth(
  entries: Entries,
  { before, after }: { readonly before: Entries; readonly after: Entries },
  counters: readonly number[],
): Entries {
  const { keySize, valueSize } = after;
  const result = copyOf(entries, after.count);
  const [words, beforeWords, afterWords] = [result, before, after].map(wordsOf);
  const wordsPerValue = valueSize / U64_BYTES;
  const beforeAt = indexByKey(before);
  const resultAt = indexByKey(entries);
  for (const [key, from] of indexByKey(after)) {
    const known = beforeAt.get(key);
    const growth = counters.map((place) => {
      const now = afterWords![from * wordsPerValue + place]!;
      return known === undefined ? now : now - beforeWords![known * wordsPerValue + place]!;
    });
    if (growth.every((count) => count === 0n)) continue;
    let to = resultAt.get(key);
    if (to === undefined) {
      to = result.count++;
      bytesOf(result.keys, result.keys.byteLength).set(
        bytesOf(after.keys, after.count * keySize).subarray(from * keySize, (from + 1) * keySize),
        to * keySize,
      );
      bytesOf(result.values, result.values.byteLength).set(
        bytesOf(after.values, after.count * valueSize).subarray(from * valueSize, (from + 1) * valueSize),
        to * valueSize,
      );
      for (const place of counters) words![to * wordsPerValue + place] = 0n;
    }
    const start = to * wordsPerValue;
    counters.forEach((place, i) => words![start + place]! += growth[i]!);
  }
  return result;
}

/** `entries` without those that count nothing: a program has inserted them and adds to them after this read. */
function withoutEmpty(entries: Entries, counters: readonly number[]): Entries {
  const { count, keySize, valueSize, values } = entries;
  const halves = new Uint32Array(values.buffer, values.byteOffset, values.byteLength >> 2);
  const halvesPerValue = valueSize >> 2;
  const isEmpty = (i: number): boolean =>
    counters.every((place) =>
      halves[i * halvesPerValue + 2 * place] === 0 && halves[i * halvesPerValue + 2 * place + 1] === 0
    );
  let kept = 0;
  while (kept < count && !isEmpty(kept)) kept++;
  if (kept === count) return entries;
  const result = copyOf(entries, 0);
  for (const [view, size] of [[result.keys, keySize], [result.values, valueSize]] as const) {
    const bytes = bytesOf(view, count * size);
    kept = 0;
    for (let i = 0; i < count; i++) {
      if (!isEmpty(i)) bytes.copyWithin(size * kept++, size * i, size * (i + 1));
    }
  }
  return { ...result, count: kept };
}

/** A DOUBLE_HASH() of an object. */
export class DoubleHash {
  /** Entries that an interval can have. */
  readonly maxEntries: number;
  readonly #hashes: readonly [Hash, Hash];
  readonly #counters: readonly number[];
  readonly #setActive: (hash: number) => void;
  #active = 0;
  /** The hash that is not active, as it was read at the end of its interval. */
  #atItsEnd: Entries | null = null;

  /**
   * @param object of which this is the only DOUBLE_HASH()
   * @param counted what the values begin with: its u64 members, without `cgroup_id`, are the counters
   */
  constructor(object: Pick<BpfObject, "map" | "globalWriter">, name: string, counted: StructClass<Struct>) {
    this.#hashes = [object.map(`${name}_0`), object.map(`${name}_1`)];
    this.#counters = counterPlaces(counted);
    this.#setActive = object.globalWriter("active_hash");
    this.maxEntries = this.#hashes[0].maxEntries;
  }

  /**
   * Ends the interval and returns what was counted in it. What a program adds to an element while this reads it is in the next
   * result. A result is valid until the second call after it.
   *
   * @throws {BpfError} the kernel refused
   */
  take(): Entries {
    const ended = this.#hashes[this.#active]!;
    this.#active = 1 - this.#active;
    const before = this.#atItsEnd;
    const after = this.#hashes[this.#active]!.drain();
    this.#setActive(this.#active);
    const entries = ended.entries();
    this.#atItsEnd = entries;
    const all = before === null || isUnchanged(after, before)
      ? entries
      : addGrowth(entries, { before, after }, this.#counters);
    return withoutEmpty(all, this.#counters);
  }
}
