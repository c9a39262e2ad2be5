/**
 * A `struct bpf_object` as libbpf opened it, with the handles of its programs and maps by name. Knows no choices:
 * {@linkcode BpfObject} makes them, and opens the bytes again when a load has to be repeated.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { bpf, cString, errnoName, type Handle, readBytes, readCString, struct } from "../ffi/mod.ts";
import { BtfReader } from "./btf_reader.ts";
import type { MapInfo } from "./map.ts";

/** libbpf puts a part of the object's name before ".bss" and its like; programs and users do without. */
function shortName(name: string): string {
  return name.slice(Math.max(0, name.indexOf(".")));
}

/** An object opened by libbpf. All programs are switched off. */
export class NativeObject {
  readonly name: string;
  readonly handle: Handle;
  readonly #programs = new Map<string, Handle>();
  readonly #maps = new Map<string, Handle>();

  /** @throws {BpfError} libbpf cannot read the bytes. They must stay referenced until the load is over. */
  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    const objectName = cString(name);
    // struct bpf_object_open_opts: sz, object_name
    const options = struct(16, [{ offset: 0, u64: 16n }, { offset: 8, pointer: objectName }]);
    const handle = bpf().bpf_object__open_mem(bytes, BigInt(bytes.length), options);
    if (handle === null) throw new BpfError(`open ${name}.bpf.o`, errnoName(bpf().error()));
    this.handle = handle;
    for (let at = bpf().bpf_object__next_program(handle, null); at !== null;) {
      this.#programs.set(readCString(bpf().bpf_program__name(at)), at);
      bpf().bpf_program__set_autoload(at, false);
      at = bpf().bpf_object__next_program(handle, at);
    }
    for (let at = bpf().bpf_object__next_map(handle, null); at !== null;) {
      this.#maps.set(shortName(readCString(bpf().bpf_map__name(at))), at);
      at = bpf().bpf_object__next_map(handle, at);
    }
  }

  /** Names of the programs, in the order of the ELF file. */
  get programs(): string[] {
    return [...this.#programs.keys()];
  }

  /** @throws {TypeError} there is no such program */
  program(name: string): Handle {
    const handle = this.#programs.get(name);
    if (handle === undefined) throw new TypeError(`the BPF object ${this.name} has no program ${name}`);
    return handle;
  }

  /** @throws {TypeError} there is no such map */
  map(name: string): Handle {
    const handle = this.#maps.get(name);
    if (handle === undefined) throw new TypeError(`the BPF object ${this.name} has no map ${name}`);
    return handle;
  }

  /** ELF section of a program: "fentry/vfs_read". */
  section(program: string): string {
    return readCString(bpf().bpf_program__section_name(this.program(program)));
  }

  /** What the map is; its descriptor is valid once the object is loaded. */
  mapInfo(name: string): MapInfo {
    const handle = this.map(name);
    return {
      name,
      type: bpf().bpf_map__type(handle),
      keySize: bpf().bpf_map__key_size(handle),
      valueSize: bpf().bpf_map__value_size(handle),
      maxEntries: bpf().bpf_map__max_entries(handle),
      fd: bpf().bpf_map__fd(handle),
    };
  }

  /** A copy of what a data section's map is to hold at the beginning. */
  initialValue(map: string): Uint8Array<ArrayBuffer> {
    const size = new BigUint64Array(1);
    const pointer = bpf().bpf_map__initial_value(this.map(map), size);
    if (pointer === null) throw new BpfError(`read ${map} of ${this.name}`, errnoName(bpf().error()));
    return readBytes(pointer, Number(size[0]));
  }

  /** The object's own types. */
  types(): BtfReader {
    const size = new Uint32Array(1);
    const types = bpf().bpf_object__btf(this.handle);
    const data = types === null ? null : bpf().btf__raw_data(types, size);
    if (data === null) throw new BpfError(`read the types of ${this.name}.bpf.o`, errnoName(bpf().error()));
    return new BtfReader(readBytes(data, size[0]!));
  }

  /** Unloads what is loaded and frees the object. Call it once. */
  close(): void {
    bpf().bpf_object__close(this.handle);
  }
}
