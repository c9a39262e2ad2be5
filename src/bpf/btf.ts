/**
 * What the running kernel's types say: which functions, types and members exist. Differences between kernels are
 * decided by this, never by the release, because vendors back-port.
 *
 * @module
 */
import { UnsupportedError } from "../errors.ts";
import { BtfReader, Kind } from "./btf_reader.ts";

const VMLINUX = "/sys/kernel/btf/vmlinux";

/** The running kernel's BTF. It holds several megabytes until it is disposed of. */
export class VmlinuxBtf {
  #reader: BtfReader | null;

  /** Takes the types; {@linkcode btf} and {@linkcode readBtf} read the kernel's. */
  constructor(reader: BtfReader) {
    this.#reader = reader;
  }

  get #types(): BtfReader {
    if (this.#reader === null) throw new TypeError("the kernel's BTF is closed");
    return this.#reader;
  }

  /** Whether the kernel has a function of this name that trampolines could attach to. */
  hasFunction(name: string): boolean {
    return this.#types.find(name, [Kind.function]) !== null;
  }

  /** Whether there is a struct, union, enum or typedef of this name, without "struct ". */
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
    const types = this.#types;
    let type = types.find(functionOrBtfTraceTypedef, [Kind.function, Kind.typedef]);
    while (type !== null && type.kind !== Kind.prototype) {
      if (![Kind.function, Kind.typedef, Kind.pointer].some((kind) => kind === type!.kind)) return null;
      type = type.sizeOrType === 0 ? null : types.type(type.sizeOrType);
    }
    return type === null ? null : type.length;
  }

  /** Whether a struct or union has this member, also through anonymous structs and unions inside it. */
  hasMember(struct: string, member: string): boolean {
    const type = this.#types.find(struct, [Kind.struct, Kind.union]);
    return type !== null && this.#has(type.id, member);
  }

  #has(id: number, member: string): boolean {
    return this.#types.members(id).some(({ name, type }) => {
      if (name !== "") return name === member;
      const { kind } = this.#types.type(type);
      return (kind === Kind.struct || kind === Kind.union) && this.#has(type, member);
    });
  }

  /** Lets the types go; may be called again. */
  close(): void {
    this.#reader = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function noBtf(cause: unknown): UnsupportedError {
  return new UnsupportedError(
    "CONFIG_DEBUG_INFO_BTF",
    `The kernel's type information ${VMLINUX} cannot be read.`,
    {
      cause,
      remedy: "ktop needs a kernel built with CONFIG_DEBUG_INFO_BTF=y, and /sys mounted.",
    },
  );
}

/**
 * The running kernel's BTF, read now (about 10 ms). Dispose of it after use: `using types = btf()`.
 *
 * @throws {UnsupportedError} the kernel has none
 */
export function btf(): VmlinuxBtf {
  try {
    return new VmlinuxBtf(new BtfReader(Deno.readFileSync(VMLINUX)));
  } catch (error) {
    throw noBtf(error);
  }
}

/** As {@linkcode btf}, with the file read away from the event loop. */
export async function readBtf(): Promise<VmlinuxBtf> {
  try {
    return new VmlinuxBtf(new BtfReader(await Deno.readFile(VMLINUX)));
  } catch (error) {
    throw noBtf(error);
  }
}
