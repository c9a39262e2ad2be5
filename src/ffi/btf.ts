/**
 * A `struct btf`: types as libbpf has parsed them.
 *
 * @module
 */
import { BpfError, isExhausted } from "../errors.ts";
import { btfRecordSize, BtfTypes } from "./btf_types.ts";
import type { Pointer } from "./c_types.ts";
import { errnoName } from "./errno.ts";
import { bpf } from "./libbpf.ts";
import { cString, readBytes, readCString } from "./memory.ts";

/** Types that libbpf has parsed. After `close` every method throws TypeError. */
export class NativeBtf extends BtfTypes {
  #pointer: Pointer<"btf"> | null;

  private constructor(pointer: Pointer<"btf">) {
    super();
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

  get #open(): Pointer<"btf"> {
    if (this.#pointer === null) throw new TypeError("the kernel's BTF is closed");
    return this.#pointer;
  }

  /** These types and those of a loaded module; null if the kernel has no such module. Close it before these. */
  module(name: string): NativeBtf | null {
    const pointer = bpf().btf__load_module_btf(cString(name), this.#open);
    if (pointer !== null) return new NativeBtf(pointer);
    const error = new BpfError(`read the BTF of ${name}`, errnoName(bpf().error()));
    if (isExhausted(error)) throw error;
    return null;
  }

  override findId(name: string, kind: number): number {
    return Math.max(0, bpf().btf__find_by_name_kind(this.#open, cString(name), kind));
  }

  protected override record(id: number): DataView {
    const pointer = bpf().btf__type_by_id(this.#open, id);
    if (pointer === null) throw new TypeError(`the kernel's BTF has no type ${id}`);
    const info = new Deno.UnsafePointerView(pointer).getUint32(4);
    return new DataView(readBytes(pointer, btfRecordSize(info)).buffer);
  }

  protected override string(offset: number): string {
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
