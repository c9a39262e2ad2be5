/**
 * The running kernel's types: which functions, types and members exist. They decide how programs differ between
 * kernels; the release does not, because vendors back-port.
 *
 * @module
 */
import { BpfError, isExhausted, UnsupportedError } from "../errors.ts";
import { Kind, NativeBtf } from "../ffi/mod.ts";

/** The running kernel's BTF. It uses several megabytes until it is closed. */
export class VmlinuxBtf {
  readonly #types: NativeBtf;

  /** Takes ownership of `types`; {@linkcode loadBtf} makes one. */
  constructor(types: NativeBtf) {
    this.#types = types;
  }

  /** Whether the kernel has a function of this name to which trampolines could attach. */
  hasFunction(name: string): boolean {
    return this.#types.findId(name, Kind.function) > 0;
  }

  /** Whether there is a struct, union, enum or typedef of this name, given without "struct ". */
  hasType(name: string): boolean {
    const kinds = [Kind.struct, Kind.union, Kind.typedef, Kind.enum, Kind.enum64];
    return this.#types.find(name, kinds) !== null;
  }

  /**
   * The number of parameters of a function, or of a tracepoint through its `btf_trace_<name>` typedef, whose first
   * parameter (`void *__data`) counts.
   *
   * @returns null when there is no such function or typedef
   */
  parameterCount(functionOrBtfTraceTypedef: string): number | null {
    return this.#parameters(functionOrBtfTraceTypedef)?.length ?? null;
  }

  /**
   * The first parameter of a function, or of a tracepoint as in {@linkcode VmlinuxBtf.parameterCount}, that is a pointer
   * to this struct.
   *
   * @returns its index from 0; null when there is none, or no such function
   */
  parameterOf(functionOrBtfTraceTypedef: string, struct: string): number | null {
    const parameters = this.#parameters(functionOrBtfTraceTypedef) ?? [];
    const index = parameters.findIndex((id) => this.#pointsTo(id, struct));
    return index < 0 ? null : index;
  }

  /** The types of the parameters of a function or tracepoint; null when there is none of this name. */
  #parameters(functionOrBtfTraceTypedef: string): number[] | null {
    let type = this.#types.find(functionOrBtfTraceTypedef, [Kind.function, Kind.typedef]);
    while (type !== null) {
      if (type.kind === Kind.prototype) return this.#types.parameters(type.id);
      const refers = type.kind === Kind.function || type.kind === Kind.typedef || type.kind === Kind.pointer;
      type = refers && type.sizeOrType > 0 ? this.#types.type(type.sizeOrType) : null;
    }
    return null;
  }

  /** Whether a type is a pointer to a struct of this name, constant or not. */
  #pointsTo(id: number, struct: string): boolean {
    if (id === 0) return false;
    let type = this.#types.type(id);
    if (type.kind !== Kind.pointer) return false;
    do {
      if (type.sizeOrType === 0) return false;
      type = this.#types.type(type.sizeOrType);
    } while (type.kind === Kind.const || type.kind === Kind.volatile);
    return type.kind === Kind.struct && type.name === struct;
  }

  /** Whether a struct or union has this member, also through anonymous structs and unions inside it. */
  hasMember(struct: string, member: string): boolean {
    return this.memberOffset(struct, member) !== null;
  }

  /**
   * The offset of a member of a struct or union, also through anonymous ones inside it.
   *
   * @returns bytes from the start of the struct; null when there is no such member or struct
   */
  memberOffset(struct: string, member: string): number | null {
    const type = this.#types.find(struct, [Kind.struct, Kind.union]);
    const bits = type === null ? null : this.#bitOffset(type.id, member);
    return bits === null ? null : bits >>> 3;
  }

  #bitOffset(id: number, wanted: string): number | null {
    for (const { name, type, bitOffset } of this.#types.members(id)) {
      if (name === wanted) return bitOffset;
      if (name !== "") continue;
      const { kind } = this.#types.type(type);
      if (kind !== Kind.struct && kind !== Kind.union) continue;
      const inside = this.#bitOffset(type, wanted);
      if (inside !== null) return bitOffset + inside;
    }
    return null;
  }

  /** These types and those of a loaded module; null if the kernel has no such module. Close it before these. */
  module(name: string): VmlinuxBtf | null {
    const types = this.#types.module(name);
    return types === null ? null : new VmlinuxBtf(types);
  }

  /**
   * The enumerators of an enum, given without "enum ", and their values as signed numbers, exact up to 2^53.
   *
   * @returns null when there is no such enum
   */
  enumerators(name: string): Map<string, number> | null {
    const type = this.#types.find(name, [Kind.enum, Kind.enum64]);
    return type === null ? null : this.#types.enumerators(type.id);
  }

  /** Frees the types; may be called twice. */
  close(): void {
    this.#types.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The running kernel's BTF, read in a worker thread (about 8 ms). Close it after use: `using types = await loadBtf()`.
 *
 * @throws {UnsupportedError} the kernel has none
 */
export async function loadBtf(): Promise<VmlinuxBtf> {
  try {
    return new VmlinuxBtf(await NativeBtf.load());
  } catch (error) {
    if (!(error instanceof BpfError) || isExhausted(error)) throw error;
    throw new UnsupportedError(
      "CONFIG_DEBUG_INFO_BTF",
      `The kernel's type information /sys/kernel/btf/vmlinux cannot be read: ${error.errno}.`,
      { cause: error, remedy: "ktop needs a kernel built with CONFIG_DEBUG_INFO_BTF=y, and /sys mounted." },
    );
  }
}
