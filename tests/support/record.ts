/**
 * Ring buffer records for unit tests of tools, written with the generated layouts.
 *
 * @module
 */
import type { Clock } from "../../src/tools/mod.ts";
import { type Members, pack, type Struct, type StructClass } from "../../src/tools/lib/struct.ts";

/** A clock whose times are its arguments: `at 5` nanoseconds, and seconds from 0. */
export const CLOCK: Clock = { iso: (ns) => `at ${ns}`, seconds: (ns) => ns / 1e9 };

const UID = 4_000_000_001;
/** The members of a user that no machine has a name for, and its columns in a row. */
export const USER = { members: { uid: UID }, columns: { uid: UID, user: `${UID}` } } as const;

/** Offset of the record in its buffer; before and after it are bytes that must not be read. */
const START = 8;
const FOREIGN = 0xee;

/**
 * A record with these members, the others zero.
 *
 * @param strings Texts that follow the struct, each with its NUL.
 * @param recordBytes Length of the record, which may end within the struct. Default: the struct and the strings.
 */
export function record<S extends Struct>(
  struct: StructClass<S>,
  members: Members<S>,
  strings: readonly string[] = [],
  recordBytes?: number,
): S {
  const { size } = struct.layout;
  const tail = new TextEncoder().encode(strings.map((text) => `${text}\0`).join(""));
  const length = recordBytes ?? size + tail.length;
  const bytes = new Uint8Array(START + Math.max(length, size + tail.length) + START).fill(FOREIGN);
  bytes.set(pack(struct, members), START);
  bytes.set(tail, START + size);
  bytes.fill(FOREIGN, START + length);
  return new struct(new DataView(bytes.buffer), START, length);
}
