/**
 * Reading BPF maps through the generated readers.
 *
 * @module
 */
import type { BpfMap, Entries } from "../../bpf/mod.ts";
import type { Counters, Struct, StructClass } from "./struct.ts";

/** The key of an element of an array map. */
export function indexKey(index: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.of(index).buffer);
}

/** Counters since the object was loaded, summed over the CPUs: an element of a per-CPU array. */
export function sumPerCpu<S extends Struct>(
  map: Pick<BpfMap, "perCpu">,
  struct: StructClass<S>,
  index = 0,
): Counters<S> {
  const values = map.perCpu(indexKey(index));
  return new struct(new DataView(values.buffer), 0, values.byteLength).counters();
}

/** What `read` returns for each entry. The structs are valid during the call only. */
export function mapEntries<K extends Struct, V extends Struct, T>(
  { count, keys, values, keySize, valueSize }: Entries,
  [Key, Value]: readonly [StructClass<K>, StructClass<V>],
  read: (key: K, value: V) => T,
): T[] {
  const result = new Array<T>(count);
  for (let i = 0; i < count; i++) {
    result[i] = read(
      new Key(keys, i * keySize, keySize),
      new Value(values, i * valueSize, valueSize),
    );
  }
  return result;
}

/** What a counter grew by between two samples. */
export function growth(now: bigint, before: bigint): number {
  return Number(now - before);
}

/** What each counter grew by between two samples, by name. */
export function growths<K extends string>(
  now: Readonly<Record<K, bigint>>,
  before: Readonly<Record<K, bigint>>,
): Record<K, number> {
  const names = Object.keys(now) as K[];
  return Object.fromEntries(names.map((name) => [name, growth(now[name], before[name])])) as Record<
    K,
    number
  >;
}

/** What each slot of a histogram grew by between two samples. */
export function slotGrowth(now: readonly bigint[], before: readonly bigint[]): number[] {
  return now.map((count, i) => growth(count, before[i]!));
}
