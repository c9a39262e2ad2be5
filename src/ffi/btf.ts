/**
 * A `struct btf`: types as libbpf holds them, handed out as copies of their records.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import type { Pointer } from "./c_types.ts";
import { errnoName } from "./errno.ts";
import { bpf } from "./libbpf.ts";
import { cString, readBytes, readCString } from "./memory.ts";

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

/** sizeof(struct btf_type) */
const TYPE_SIZE = 12;

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

/** Types that libbpf has parsed. After `close` every method throws TypeError. */
export class NativeBtf {
  #pointer: Pointer<"btf"> | null;

  private constructor(pointer: Pointer<"btf">) {
    this.#pointer = pointer;
  }

  /**
   * The running kernel's types, parsed in a worker thread in about 8 ms. They hold several megabytes until closed.
   *
   * @throws {BpfError} /sys/kernel/btf/vmlinux cannot be read
   */
  static async load(): Promise<NativeBtf> {
    // errno is per thread: a failure is repeated here.
    const pointer = await bpf().btf__load_vmlinux_btf_async() ?? bpf().btf__load_vmlinux_btf();
    if (pointer === null) throw new BpfError("read the kernel's BTF", errnoName(bpf().error()));
    return new NativeBtf(pointer);
  }

  /** A copy of all bytes of `types`; null: libbpf cannot make them. */
  static rawBytes(types: Pointer<"btf">): Uint8Array<ArrayBuffer> | null {
    const size = new Uint32Array(1);
    const data = bpf().btf__raw_data(types, size);
    return data === null ? null : readBytes(data, size[0]!);
  }

  get #open(): Pointer<"btf"> {
    if (this.#pointer === null) throw new TypeError("the kernel's BTF is closed");
    return this.#pointer;
  }

  /** These types and those of a loaded module; null where the kernel has no such module. Close it before these. */
  module(name: string): NativeBtf | null {
    const pointer = bpf().btf__load_module_btf(cString(name), this.#open);
    return pointer === null ? null : new NativeBtf(pointer);
  }

  /** The id of the type of this kind and name; 0 when there is none. */
  find(name: string, kind: number): number {
    return Math.max(0, bpf().btf__find_by_name_kind(this.#open, cString(name), kind));
  }

  /** A copy of the record of a type: `struct btf_type` and what follows it. @throws {TypeError} no such type */
  record(id: number): DataView {
    const pointer = bpf().btf__type_by_id(this.#open, id);
    if (pointer === null) throw new TypeError(`the kernel's BTF has no type ${id}`);
    const info = new Deno.UnsafePointerView(pointer).getUint32(4);
    return new DataView(readBytes(pointer, btfRecordSize(info)).buffer);
  }

  /** The string at an offset of the string section. */
  string(offset: number): string {
    return readCString(bpf().btf__name_by_offset(this.#open, offset));
  }

  /** Frees the types; may be called twice. */
  close(): void {
    if (this.#pointer === null) return;
    bpf().btf__free(this.#pointer);
    this.#pointer = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
