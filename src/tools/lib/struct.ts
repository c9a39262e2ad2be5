/**
 * C structs by member name: the base of the generated readers (layout.gen.ts). Members are little-endian and lie at the
 * offsets that the compiler chose.
 *
 * @module
 */
import { escapeField } from "../../text/mod.ts";

/** Type of a member, or of its elements. An array of `char` is text. */
export type MemberType = "u8" | "u16" | "u32" | "u64" | "s8" | "s16" | "s32" | "s64" | "char" | "struct";

/** Where a member is. */
export interface Member {
  /** Bytes from the start of the struct. */
  readonly offset: number;
  readonly type: MemberType;
  /** Number of elements; present for arrays only. */
  readonly length?: number;
}

/** Size and members of a struct. */
export interface Layout {
  /** Bytes, padding included. */
  readonly size: number;
  readonly members: Readonly<Record<string, Member>>;
}

/** The class that reads one struct. */
export interface StructClass<S extends Struct = Struct> {
  readonly layout: S["layout"];
  new (view: DataView, at: number, length: number): S;
}

/** Names of the members that are u64 or arrays of u64. */
type CounterName<L extends Layout> = {
  [K in keyof L["members"]]: L["members"][K]["type"] extends "u64" ? K : never;
}[keyof L["members"]];

/** The u64 members of a struct without rounding, by name; an array for an array. */
export type Counters<S extends { readonly layout: Layout }> = {
  readonly [K in CounterName<S["layout"]>]: S["layout"]["members"][K] extends { readonly length: number }
    ? readonly bigint[]
    : bigint;
};

const TWO_32 = 2 ** 32;
const U64_BYTES = 8;

/** The longest name on most file systems, bytes. FUSE has longer ones. */
const NAME_MAX = 255;
/** Bytes of a member that has a name (NAME_BYTES of bpf/lib/limits.bpf.h): a longer name fills it. */
const NAME_BYTES = NAME_MAX + 2;

/** Replaces what is missing of a name or path. It is unique: backslashes in names are doubled. */
export const CUT = "\\…";

/** Whether there is no NUL in the first `length` bytes. */
function isFilled(view: DataView, at: number, length: number): boolean {
  for (let i = length - 1; i >= 0; i--) if (view.getUint8(at + i) === 0) return false;
  return true;
}

/** A NUL-terminated name of a file in `length` bytes, escaped; a longer one than NAME_MAX is cut and marked. */
function readName(view: DataView, at: number, length: number): string {
  return length > NAME_MAX && isFilled(view, at, NAME_MAX + 1)
    ? escapeField(view, at, NAME_MAX) + CUT
    : escapeField(view, at, length);
}

/**
 * Consecutive NUL-terminated texts that take `length` bytes together, escaped.
 *
 * @param others how many of them are not names of files, and never cut; the names follow
 */
export function readTexts(view: DataView, at: number, length: number, others = Infinity): string[] {
  const texts: string[] = [];
  const end = at + length;
  for (let from = at; from < end;) {
    let nul = from;
    while (nul < end && view.getUint8(nul) !== 0) nul++;
    texts.push((texts.length < others ? escapeField : readName)(view, from, nul - from));
    from = nul + 1;
  }
  return texts;
}

/**
 * One struct in a buffer. It reads the buffer at each access and copies nothing, so it is valid only as long as the
 * buffer's content. The generated subclasses have a getter for each member: 64-bit numbers are rounded above 2^53
 * ({@linkcode Struct.exact} and {@linkcode Struct.counters} are not), text is escaped.
 */
export abstract class Struct {
  protected readonly view: DataView;
  protected readonly at: number;
  /** Bytes of the record or map value, which may hold more than the struct, or less of a text at its end. */
  readonly byteLength: number;

  /** @param at Where the struct starts in the view. */
  constructor(view: DataView, at: number, byteLength: number) {
    this.view = view;
    this.at = at;
    this.byteLength = byteLength;
  }

  abstract get layout(): Layout;

  protected u8(offset: number): number {
    return this.view.getUint8(this.at + offset);
  }

  protected u16(offset: number): number {
    return this.view.getUint16(this.at + offset, true);
  }

  protected u32(offset: number): number {
    return this.view.getUint32(this.at + offset, true);
  }

  protected u64(offset: number): number {
    return this.u32(offset + 4) * TWO_32 + this.u32(offset);
  }

  protected s8(offset: number): number {
    return this.view.getInt8(this.at + offset);
  }

  protected s16(offset: number): number {
    return this.view.getInt16(this.at + offset, true);
  }

  protected s32(offset: number): number {
    return this.view.getInt32(this.at + offset, true);
  }

  protected s64(offset: number): number {
    return this.s32(offset + 4) * TWO_32 + this.u32(offset);
  }

  /** A text of `length` bytes; of fewer if the record ends within it. Of NAME_BYTES: the name of a file. */
  protected text(offset: number, length: number): string {
    const read = length === NAME_BYTES ? readName : escapeField;
    return read(this.view, this.at + offset, Math.min(length, this.byteLength - offset));
  }

  protected struct<S extends Struct>(reader: StructClass<S>, offset: number): S {
    return new reader(this.view, this.at + offset, reader.layout.size);
  }

  /** The text in the bytes that follow the struct: `length` bytes, `skip` bytes after its end. */
  trailingText(skip = 0, length: number = this.trailingBytes - skip): string {
    return escapeField(this.view, this.at + this.layout.size + skip, length);
  }

  /** The name of a file in `length` bytes, `skip` bytes after the end of the struct. */
  trailingName(skip: number, length: number): string {
    return readName(this.view, this.at + this.layout.size + skip, length);
  }

  /** The NUL-terminated texts that follow the struct; names of files after the first `others`. */
  trailingTexts(others?: number): string[] {
    return readTexts(this.view, this.at + this.layout.size, this.trailingBytes, others);
  }

  /** `count` u64 that follow the struct, after the first `skip`. */
  trailingU64s(skip: number, count: number): bigint[] {
    const at = this.at + this.layout.size + skip * U64_BYTES;
    return Array.from({ length: count }, (_, i) => this.view.getBigUint64(at + i * U64_BYTES, true));
  }

  /** Bytes that follow the struct. */
  get trailingBytes(): number {
    return this.byteLength - this.layout.size;
  }

  /** A u64 member without rounding; an array for an array. */
  exact<K extends CounterName<this["layout"]>>(name: K): Counters<this>[K] {
    return this.#exact(this.layout.members[name as string]!, 0) as Counters<this>[K];
  }

  #exact({ offset, length }: Member, base: number): bigint | bigint[] {
    const at = this.at + base + offset;
    if (length === undefined) return this.view.getBigUint64(at, true);
    return Array.from({ length }, (_, i) => this.view.getBigUint64(at + i * U64_BYTES, true));
  }

  /** All u64 members of a map value without rounding; summed over the CPUs if the value holds one struct per CPU. */
  counters(): Counters<this> {
    const { size, members } = this.layout;
    const stride = Math.ceil(size / U64_BYTES) * U64_BYTES;
    const sums: Record<string, bigint | bigint[]> = {};
    for (const [name, member] of Object.entries(members)) {
      if (member.type !== "u64") continue;
      sums[name] = this.#exact(member, 0);
      for (let base = stride; base + size <= this.byteLength; base += stride) {
        sums[name] = sum(sums[name], this.#exact(member, base));
      }
    }
    return sums as Counters<this>;
  }
}

function sum(a: bigint | bigint[], b: bigint | bigint[]): bigint | bigint[] {
  return Array.isArray(a) ? a.map((value, i) => value + (b as bigint[])[i]!) : a + (b as bigint);
}

/** The values that {@linkcode pack} takes. */
export type Members<S extends { readonly layout: Layout }> = {
  readonly [K in keyof S["layout"]["members"]]?: number | bigint | string | readonly (number | bigint)[];
};

function putNumber(view: DataView, at: number, type: MemberType, value: number | bigint): number {
  const bits = Number(type.slice(1));
  const unsigned = BigInt.asUintN(bits, BigInt(value));
  for (let i = 0; i < bits / 8; i++) view.setUint8(at + i, Number(unsigned >> BigInt(8 * i) & 0xffn));
  return bits / 8;
}

/** The bytes of a struct with these members, the others zero. */
export function pack<S extends Struct>(
  { layout }: StructClass<S>,
  members: Members<S>,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(layout.size);
  const view = new DataView(bytes.buffer);
  for (const [name, value] of Object.entries(members)) {
    const { offset, type } = layout.members[name]!;
    if (typeof value === "string") {
      new TextEncoder().encodeInto(value, bytes.subarray(offset));
      continue;
    }
    let at = offset;
    for (const one of [value].flat() as (number | bigint)[]) at += putNumber(view, at, type, one);
  }
  return bytes;
}

/** A map key or value that is a single __u32. */
export class U32 extends Struct {
  static readonly layout = { size: 4, members: { value: { offset: 0, type: "u32" } } } as const;

  get layout(): typeof U32.layout {
    return U32.layout;
  }

  get value(): number {
    return this.u32(0);
  }
}

/** A map key or value that is a single __u64; on a per-CPU map, `counters` sums it. */
export class U64 extends Struct {
  static readonly layout = { size: 8, members: { value: { offset: 0, type: "u64" } } } as const;

  get layout(): typeof U64.layout {
    return U64.layout;
  }

  get value(): number {
    return this.u64(0);
  }
}
