/**
 * Reads BTF, the kernel's compact type information (Documentation/bpf/btf.rst): a header, types in order of their
 * ids from 1, and strings. Works on the running kernel's and on a BPF object's; no pointer, no library.
 *
 * @module
 */
import { KtopError } from "../errors.ts";

const MAGIC = 0xeb9f;

/** BTF_KIND_* of include/uapi/linux/btf.h. */
export const Kind = {
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  forward: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  function: 12,
  prototype: 13,
  variable: 14,
  section: 15,
  float: 16,
  declTag: 17,
  typeTag: 18,
  enum64: 19,
} as const;

/** Bytes after the 12 of `struct btf_type`, by kind: once, and for each of its vlen members. Others have none. */
const TAIL = new Map<number, { readonly once: number; readonly each: number }>([
  [Kind.int, { once: 4, each: 0 }],
  [Kind.array, { once: 12, each: 0 }],
  [Kind.struct, { once: 0, each: 12 }],
  [Kind.union, { once: 0, each: 12 }],
  [Kind.enum, { once: 0, each: 8 }],
  [Kind.prototype, { once: 0, each: 8 }],
  [Kind.variable, { once: 4, each: 0 }],
  [Kind.section, { once: 0, each: 12 }],
  [Kind.declTag, { once: 4, each: 0 }],
  [Kind.enum64, { once: 0, each: 12 }],
]);

const TYPE_SIZE = 12;

/** `struct btf_type`. */
export interface BtfType {
  readonly id: number;
  /** One of {@linkcode Kind}. */
  readonly kind: number;
  /** Empty for anonymous types. */
  readonly name: string;
  /** Number of members, parameters, enumerators or variables. */
  readonly length: number;
  /** Bytes, for kinds that have a size; for the others the id of the type referred to. */
  readonly sizeOrType: number;
}

/** A member of a struct or union. */
export interface BtfMember {
  /** Empty for an anonymous struct or union. */
  readonly name: string;
  readonly type: number;
  /** From the beginning of the struct. */
  readonly bitOffset: number;
}

/** A variable of a data section: where the loader finds a global of a BPF object. */
export interface BtfVariable {
  readonly name: string;
  readonly type: number;
  /** Bytes from the beginning of the section's map. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** Types of one BTF blob, by id and by name. */
export class BtfReader {
  readonly #view: DataView;
  /** Byte offset of each type, by id; id 0 is void. */
  readonly #offsets: Uint32Array;
  /** The string section, one character per byte, so that offsets are indexes. */
  readonly #strings: string;

  /** @throws {KtopError} the bytes are no BTF of this machine's byte order */
  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 24 || this.#view.getUint16(0, true) !== MAGIC) throw new KtopError("This is no BTF.");
    const [header, typeOffset, typeLength, stringOffset, stringLength] = [4, 8, 12, 16, 20].map((at) =>
      this.#view.getUint32(at, true)
    ) as [number, number, number, number, number];
    const strings = header + stringOffset;
    this.#strings = new TextDecoder("latin1").decode(bytes.subarray(strings, strings + stringLength));
    this.#offsets = this.#walk(header + typeOffset, typeLength);
  }

  #walk(start: number, length: number): Uint32Array {
    const offsets = new Uint32Array(1 + Math.ceil(length / TYPE_SIZE));
    const end = Math.min(start + length, this.#view.byteLength);
    let count = 1;
    for (let at = start; at + TYPE_SIZE <= end;) {
      offsets[count++] = at;
      const info = this.#view.getUint32(at + 4, true);
      const tail = TAIL.get(info >>> 24 & 0x1f);
      at += TYPE_SIZE + (tail === undefined ? 0 : tail.once + tail.each * (info & 0xffff));
    }
    return offsets.slice(0, count);
  }

  #name(offset: number): string {
    return this.#strings.slice(offset, this.#strings.indexOf("\0", offset));
  }

  #at(id: number): number {
    const at = this.#offsets[id];
    if (id === 0 || at === undefined) throw new KtopError(`BTF has no type ${id}.`);
    return at;
  }

  /** The number of types; ids go from 1 to this. */
  get count(): number {
    return this.#offsets.length - 1;
  }

  /** The type with this id. */
  type(id: number): BtfType {
    const at = this.#at(id);
    const info = this.#view.getUint32(at + 4, true);
    return {
      id,
      kind: info >>> 24 & 0x1f,
      name: this.#name(this.#view.getUint32(at, true)),
      length: info & 0xffff,
      sizeOrType: this.#view.getUint32(at + 8, true),
    };
  }

  /** The first type of one of `kinds` with this name; null when there is none. */
  find(name: string, kinds: readonly number[]): BtfType | null {
    const nameOffset = this.#strings.indexOf(`\0${name}\0`) + 1;
    if (nameOffset === 0) return null;
    for (let id = 1; id < this.#offsets.length; id++) {
      const at = this.#offsets[id]!;
      if (this.#view.getUint32(at, true) !== nameOffset) continue;
      if (kinds.includes(this.#view.getUint32(at + 4, true) >>> 24 & 0x1f)) return this.type(id);
    }
    return null;
  }

  /** The members of a struct or union, in order. */
  members(id: number): BtfMember[] {
    const at = this.#at(id) + TYPE_SIZE;
    // With bit fields the offset's upper byte holds the width (kind_flag, Linux 4.20).
    const mask = this.#view.getUint32(at - 8, true) >>> 31 === 1 ? 0xff_ffff : 0xffff_ffff;
    return Array.from({ length: this.type(id).length }, (_, index) => {
      const member = at + 12 * index;
      return {
        name: this.#name(this.#view.getUint32(member, true)),
        type: this.#view.getUint32(member + 4, true),
        bitOffset: (this.#view.getUint32(member + 8, true) & mask) >>> 0,
      };
    });
  }

  /** Whether an integer type is signed. */
  isSigned(id: number): boolean {
    // The word after struct btf_type: encoding in bits 24 to 27, of which BTF_INT_SIGNED is the lowest.
    return (this.#view.getUint32(this.#at(id) + TYPE_SIZE, true) >>> 24 & 1) === 1;
  }

  /** Type and number of the elements of an array. */
  array(id: number): { readonly type: number; readonly length: number } {
    const at = this.#at(id) + TYPE_SIZE;
    return { type: this.#view.getUint32(at, true), length: this.#view.getUint32(at + 8, true) };
  }

  /** The variables of a data section such as ".rodata"; empty when the object has no such section. */
  variables(section: string): BtfVariable[] {
    const type = this.find(section, [Kind.section]);
    if (type === null) return [];
    const at = this.#at(type.id) + TYPE_SIZE;
    return Array.from({ length: type.length }, (_, index) => {
      const entry = at + 12 * index;
      const variable = this.type(this.#view.getUint32(entry, true));
      return {
        name: variable.name,
        type: variable.sizeOrType,
        offset: this.#view.getUint32(entry + 4, true),
        size: this.#view.getUint32(entry + 8, true),
      };
    });
  }
}
