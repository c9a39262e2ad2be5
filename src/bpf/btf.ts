/**
 * What the running kernel's types say: which functions, types and members exist. Differences between kernels are
 * decided by this, never by the release, because vendors back-port.
 *
 * @module
 */
import { UnsupportedError } from "../errors.ts";
import { bpf, cString, errnoName, type Handle, readBytes, readCString } from "../ffi/mod.ts";
import { Kind } from "./btf_reader.ts";

/** `struct btf_type` and one `struct btf_member`: include/uapi/linux/btf.h. */
const TYPE_SIZE = 12;
const MEMBER_SIZE = 12;
/** One `struct btf_param`. */
const PARAMETER_SIZE = 8;
/** One `struct btf_enum` and one `struct btf_enum64`. */
const ENUMERATOR_SIZE = 8;
const ENUMERATOR64_SIZE = 12;

/** What is needed of a `struct btf_type`. */
interface Type {
  readonly kind: number;
  /** Number of members, parameters or enumerators. */
  readonly length: number;
  /** Id of the type it refers to. */
  readonly target: number;
}

/** The running kernel's BTF. It holds several megabytes until it is disposed of. */
export class VmlinuxBtf {
  #handle: Handle | null;

  /** Takes over a `struct btf *`; {@linkcode loadBtf} makes one. */
  constructor(handle: Handle) {
    this.#handle = handle;
  }

  get #open(): Handle {
    if (this.#handle === null) throw new TypeError("the kernel's BTF is closed");
    return this.#handle;
  }

  /** The id of a type of one of these kinds; 0 when there is none. */
  #find(name: string, kinds: readonly number[]): number {
    const text = cString(name);
    for (const kind of kinds) {
      const id = bpf().btf__find_by_name_kind(this.#open, text, kind);
      if (id > 0) return id;
    }
    return 0;
  }

  /** A `struct btf_type` and the bytes that follow it. */
  #bytes(id: number, following = 0): DataView {
    const pointer = bpf().btf__type_by_id(this.#open, id);
    if (pointer === null) throw new TypeError(`the kernel's BTF has no type ${id}`);
    return new DataView(readBytes(pointer, TYPE_SIZE + following).buffer);
  }

  #name(offset: number): string {
    return readCString(bpf().btf__name_by_offset(this.#open, offset));
  }

  #type(id: number): Type {
    const bytes = this.#bytes(id);
    const info = bytes.getUint32(4, true);
    return { kind: info >>> 24 & 0x1f, length: info & 0xffff, target: bytes.getUint32(8, true) };
  }

  /** Whether the kernel has a function of this name that trampolines could attach to. */
  hasFunction(name: string): boolean {
    return this.#find(name, [Kind.function]) > 0;
  }

  /** Whether there is a struct, union, enum or typedef of this name, given without "struct ". */
  hasType(name: string): boolean {
    return this.#find(name, [Kind.struct, Kind.union, Kind.typedef, Kind.enum, Kind.enum64]) > 0;
  }

  /**
   * The number of parameters of a function, or of a tracepoint through its `btf_trace_<name>` typedef, whose first
   * parameter (`void *__data`) counts.
   *
   * @returns null when there is no such function or typedef
   */
  parameterCount(functionOrBtfTraceTypedef: string): number | null {
    const id = this.#prototype(functionOrBtfTraceTypedef);
    return id === 0 ? null : this.#type(id).length;
  }

  /**
   * The first parameter of a function, or of a tracepoint as in {@linkcode VmlinuxBtf.parameterCount}, that is a pointer
   * to this struct.
   *
   * @returns its index from 0; null when there is none, or no such function
   */
  parameterOf(functionOrBtfTraceTypedef: string, struct: string): number | null {
    const id = this.#prototype(functionOrBtfTraceTypedef);
    if (id === 0) return null;
    const { length } = this.#type(id);
    const bytes = this.#bytes(id, length * PARAMETER_SIZE);
    for (let index = 0; index < length; index++) {
      if (this.#pointsTo(bytes.getUint32(TYPE_SIZE + index * PARAMETER_SIZE + 4, true), struct)) return index;
    }
    return null;
  }

  /** The id of the prototype of a function or tracepoint; 0 when there is none. */
  #prototype(functionOrBtfTraceTypedef: string): number {
    let id = this.#find(functionOrBtfTraceTypedef, [Kind.function, Kind.typedef]);
    while (id > 0) {
      const { kind, target } = this.#type(id);
      if (kind === Kind.prototype) return id;
      const refers = kind === Kind.function || kind === Kind.typedef || kind === Kind.pointer;
      id = refers ? target : 0;
    }
    return 0;
  }

  /** Whether a type is a pointer to a struct of this name, constant or not. */
  #pointsTo(id: number, struct: string): boolean {
    if (id === 0 || this.#type(id).kind !== Kind.pointer) return false;
    let { target } = this.#type(id);
    for (;;) {
      if (target === 0) return false;
      const type = this.#type(target);
      if (type.kind === Kind.struct) return this.#name(this.#bytes(target).getUint32(0, true)) === struct;
      if (type.kind !== Kind.const && type.kind !== Kind.volatile) return false;
      target = type.target;
    }
  }

  /** Whether a struct or union has this member, also through anonymous structs and unions inside it. */
  hasMember(struct: string, member: string): boolean {
    return this.memberOffset(struct, member) !== null;
  }

  /** Where a struct or union has this member, also through anonymous ones inside it: bytes from its start; null where it has none. */
  memberOffset(struct: string, member: string): number | null {
    const id = this.#find(struct, [Kind.struct, Kind.union]);
    return id > 0 ? this.#offset(id, member) : null;
  }

  #offset(id: number, wanted: string): number | null {
    const { length } = this.#type(id);
    const bytes = this.#bytes(id, length * MEMBER_SIZE);
    for (let index = 0; index < length; index++) {
      const at = TYPE_SIZE + index * MEMBER_SIZE;
      const name = this.#name(bytes.getUint32(at, true));
      // The low 24 bits are the offset in bits, also where the others are the width of a bit field.
      const offset = (bytes.getUint32(at + 8, true) & 0xffffff) >>> 3;
      if (name === wanted) return offset;
      if (name !== "") continue;
      const type = bytes.getUint32(at + 4, true);
      const { kind } = this.#type(type);
      if (kind !== Kind.struct && kind !== Kind.union) continue;
      const inside = this.#offset(type, wanted);
      if (inside !== null) return offset + inside;
    }
    return null;
  }

  /** These types and those of a module that is loaded; null where the kernel does not have them. Close it before these. */
  module(name: string): VmlinuxBtf | null {
    const handle = bpf().btf__load_module_btf(cString(name), this.#open);
    return handle === null ? null : new VmlinuxBtf(handle);
  }

  /**
   * The enumerators of an enum, given without "enum ", and their values as signed numbers, exact up to 2^53.
   *
   * @returns null when there is no such enum
   */
  enumerators(name: string): Map<string, number> | null {
    const id = this.#find(name, [Kind.enum, Kind.enum64]);
    if (id === 0) return null;
    const { kind, length } = this.#type(id);
    const size = kind === Kind.enum64 ? ENUMERATOR64_SIZE : ENUMERATOR_SIZE;
    const bytes = this.#bytes(id, length * size);
    const found = new Map<string, number>();
    for (let at = TYPE_SIZE; at < bytes.byteLength; at += size) {
      const value = kind === Kind.enum64
        ? Number(bytes.getBigInt64(at + 4, true))
        : bytes.getInt32(at + 4, true);
      found.set(this.#name(bytes.getUint32(at, true)), value);
    }
    return found;
  }

  /** Frees the types; may be called again. */
  close(): void {
    if (this.#handle === null) return;
    bpf().btf__free(this.#handle);
    this.#handle = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function noBtf(errno: string): UnsupportedError {
  return new UnsupportedError(
    "CONFIG_DEBUG_INFO_BTF",
    `The kernel's type information /sys/kernel/btf/vmlinux cannot be read: ${errno}.`,
    { remedy: "ktop needs a kernel built with CONFIG_DEBUG_INFO_BTF=y, and /sys mounted." },
  );
}

/**
 * The running kernel's BTF, read away from the event loop (about 8 ms). Dispose of it after use:
 * `using types = await loadBtf()`.
 *
 * @throws {UnsupportedError} the kernel has none
 */
export async function loadBtf(): Promise<VmlinuxBtf> {
  // errno of the other thread is out of reach: a failure is asked for once more on this one.
  const handle = await bpf().btf__load_vmlinux_btf_away() ?? bpf().btf__load_vmlinux_btf();
  if (handle === null) throw noBtf(errnoName(bpf().error()));
  return new VmlinuxBtf(handle);
}
