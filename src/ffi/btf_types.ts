/**
 * Decodes BTF, the kernel's compact type information (Documentation/bpf/btf.rst, include/uapi/linux/btf.h): types with
 * ids from 1, and strings.
 *
 * @module
 */
import { KtopError } from "../errors.ts";

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

/** Offsets in `struct btf_type`, and its size. */
const NAME = 0, INFO = 4, SIZE_OR_TYPE = 8, TYPE_SIZE = 12;

/** Bytes of `struct btf_param`, `btf_member`, `btf_var_secinfo`, `btf_enum` and `btf_enum64`. */
const PARAMETER_SIZE = 8, MEMBER_SIZE = 12, VARIABLE_SIZE = 12, ENUM_SIZE = 8, ENUM64_SIZE = 12;

/** Bytes after `struct btf_type`, by kind: once, and for each of its vlen elements. Other kinds have none. */
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

/** Bytes of a type's record, from the `info` word of its `struct btf_type`: the struct and what follows it. */
export function btfRecordSize(info: number): number {
  const tail = TAIL.get(info >>> 24 & 0x1f);
  return TYPE_SIZE + (tail === undefined ? 0 : tail.once + tail.each * (info & 0xffff));
}

/** The content of a `struct btf_type`. */
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
  /** From the start of the struct. */
  readonly bitOffset: number;
}

/** A variable of a data section: the place of a global variable of a BPF object. */
export interface BtfVariable {
  readonly name: string;
  readonly type: number;
  /** Bytes from the start of the section's map. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

const kindOf = (record: DataView): number => record.getUint32(INFO, true) >>> 24 & 0x1f;

/** Types by id. Methods that take an id throw if the id does not exist. */
export abstract class BtfTypes {
  /** The id of the first type of this kind and name; 0 when there is none. */
  abstract findId(name: string, kind: number): number;

  /** The record of a type: `struct btf_type` and what follows it. */
  protected abstract record(id: number): DataView;

  /** The string at an offset of the string section. */
  protected abstract string(offset: number): string;

  /** The type with this id. */
  type(id: number): BtfType {
    const record = this.record(id);
    return {
      id,
      kind: kindOf(record),
      name: this.string(record.getUint32(NAME, true)),
      length: record.getUint32(INFO, true) & 0xffff,
      sizeOrType: record.getUint32(SIZE_OR_TYPE, true),
    };
  }

  /** The type with this name and one of `kinds`, the first kind preferred; null when there is none. */
  find(name: string, kinds: readonly number[]): BtfType | null {
    for (const kind of kinds) {
      const id = this.findId(name, kind);
      if (id > 0) return this.type(id);
    }
    return null;
  }

  /** The type without `typedef`, `const` and `volatile`. */
  unqualified(id: number): BtfType {
    let type = this.type(id);
    while (type.kind === Kind.typedef || type.kind === Kind.const || type.kind === Kind.volatile) {
      type = this.type(type.sizeOrType);
    }
    return type;
  }

  /** The elements that follow `struct btf_type`, `size` bytes each. */
  #elements<T>(id: number, size: number, read: (record: DataView, at: number) => T): T[] {
    const record = this.record(id);
    const length = record.getUint32(INFO, true) & 0xffff;
    return Array.from({ length }, (_, index) => read(record, TYPE_SIZE + index * size));
  }

  /** The members of a struct or union, in order. */
  members(id: number): BtfMember[] {
    return this.#elements(id, MEMBER_SIZE, (record, at) => {
      // With bit fields the upper byte of the offset is the width (kind_flag, Linux 4.20).
      const mask = record.getUint32(INFO, true) >>> 31 === 1 ? 0xff_ffff : 0xffff_ffff;
      return {
        name: this.string(record.getUint32(at, true)),
        type: record.getUint32(at + 4, true),
        bitOffset: (record.getUint32(at + 8, true) & mask) >>> 0,
      };
    });
  }

  /** The types of a prototype's parameters, in order. */
  parameters(id: number): number[] {
    return this.#elements(id, PARAMETER_SIZE, (record, at) => record.getUint32(at + 4, true));
  }

  /** The enumerators of an enum and their values as signed numbers, exact up to 2^53. */
  enumerators(id: number): Map<string, number> {
    const wide = kindOf(this.record(id)) === Kind.enum64;
    return new Map(this.#elements(id, wide ? ENUM64_SIZE : ENUM_SIZE, (record, at) => [
      this.string(record.getUint32(at, true)),
      wide ? Number(record.getBigInt64(at + 4, true)) : record.getInt32(at + 4, true),
    ]));
  }

  /** True for a signed integer type. */
  isSigned(id: number): boolean {
    // The word after struct btf_type: encoding in bits 24 to 27, of which BTF_INT_SIGNED is the lowest.
    return (this.record(id).getUint32(TYPE_SIZE, true) >>> 24 & 1) === 1;
  }

  /** Type and number of the elements of an array. */
  array(id: number): { readonly type: number; readonly length: number } {
    const record = this.record(id);
    return { type: record.getUint32(TYPE_SIZE, true), length: record.getUint32(TYPE_SIZE + 8, true) };
  }

  /** The variables of a data section such as ".rodata"; empty when the object has no such section. */
  variables(section: string): BtfVariable[] {
    const type = this.find(section, [Kind.section]);
    if (type === null) return [];
    return this.#elements(type.id, VARIABLE_SIZE, (record, at) => {
      const variable = this.type(record.getUint32(at, true));
      return {
        name: variable.name,
        type: variable.sizeOrType,
        offset: record.getUint32(at + 4, true),
        size: record.getUint32(at + 8, true),
      };
    });
  }
}

const MAGIC = 0xeb9f;

/** The types in the bytes of a BTF section, such as that of a BPF object. Uses no library. */
export class BtfReader extends BtfTypes {
  readonly #view: DataView;
  /** Byte offset of each type, by id; id 0 is void. */
  readonly #offsets: number[] = [0];
  /** The string section, one character per byte, so that offsets are indexes. */
  readonly #strings: string;

  /** @throws {KtopError} the bytes are not BTF in this machine's byte order */
  constructor(bytes: Uint8Array) {
    super();
    const view = this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 24 || view.getUint16(0, true) !== MAGIC) {
      throw new KtopError("These bytes are not BTF: the magic number is missing.");
    }
    // struct btf_header: hdr_len 4, type_off 8, type_len 12, str_off 16, str_len 20
    const header = view.getUint32(4, true);
    const types = header + view.getUint32(8, true);
    const end = Math.min(types + view.getUint32(12, true), bytes.length);
    const strings = header + view.getUint32(16, true);
    this.#strings = new TextDecoder("latin1").decode(
      bytes.subarray(strings, strings + view.getUint32(20, true)),
    );
    for (let at = types; at + TYPE_SIZE <= end;) {
      this.#offsets.push(at);
      at += btfRecordSize(view.getUint32(at + INFO, true));
    }
  }

  /** The number of types; ids are 1 to this number. */
  get count(): number {
    return this.#offsets.length - 1;
  }

  override findId(name: string, kind: number): number {
    const nameOffset = this.#strings.indexOf(`\0${name}\0`) + 1;
    if (nameOffset === 0) return 0;
    for (let id = 1; id < this.#offsets.length; id++) {
      if (this.#view.getUint32(this.#offsets[id]! + NAME, true) !== nameOffset) continue;
      if (kindOf(this.record(id)) === kind) return id;
    }
    return 0;
  }

  protected override record(id: number): DataView {
    const at = this.#offsets[id];
    if (id === 0 || at === undefined) throw new KtopError(`BTF has no type ${id}.`);
    const size = btfRecordSize(this.#view.getUint32(at + INFO, true));
    return new DataView(this.#view.buffer, this.#view.byteOffset + at, size);
  }

  protected override string(offset: number): string {
    return this.#strings.slice(offset, this.#strings.indexOf("\0", offset));
  }
}
