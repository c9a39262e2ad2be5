/**
 * A `struct bpf_object`: the programs and maps of one ELF file, named as in the file.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { BtfReader } from "./btf_types.ts";
import type { Pointer } from "./c_types.ts";
import { checkResult, errnoName } from "./errno.ts";
import { bpf } from "./libbpf.ts";
import { libc } from "./libc.ts";
import { NativeLink } from "./link.ts";
import { MapType, NativeMap } from "./map.ts";
import { cString, readBytes, readCString, struct, withBuffer } from "./memory.ts";
import { captureWarnings, exclusive } from "./messages.ts";
import { trimHeap } from "./process.ts";
import { type CodeRange, programCode, programMisses, type ProgramStats, programStats } from "./syscalls.ts";

/** A program of an object. */
export interface ProgramInfo {
  /** C function name: "vfs_read__fentry". */
  readonly name: string;
  /** ELF section: "fentry/vfs_read". */
  readonly section: string;
}

/** A function of the kernel. */
export interface KernelFunction {
  readonly name: string;
  /** Start address; 0 if addresses are hidden from this process (kptr_restrict). */
  readonly address: bigint;
}

/** A libbpf call that returns a link: in a worker thread, and here. */
interface Attempt {
  async(): Promise<Pointer<"bpf_link"> | null>;
  sync(): Pointer<"bpf_link"> | null;
}

/** libbpf puts the start of the object's name before ".bss", ".data" and ".rodata". */
function shortName(name: string): string {
  return name.slice(Math.max(0, name.indexOf(".")));
}

/**
 * An object opened by libbpf. No program is loaded unless it is switched on. After `close` every method throws; calls
 * that are still running in a worker thread reject with ECANCELED, and libbpf's memory is freed after the last of them.
 */
export class NativeObject {
  readonly name: string;
  /** The ELF file, which libbpf may read until the object is loaded; then null. */
  bytes: Uint8Array | null;
  /** In the order of the ELF file. */
  readonly programs: readonly ProgramInfo[];
  readonly #programs = new Map<string, Pointer<"bpf_program">>();
  readonly #maps = new Map<string, Pointer<"bpf_map">>();
  readonly #pointer: Pointer<"bpf_object">;
  /** Calls that run in a worker thread. */
  #calls = 0;
  #state: "open" | "closing" | "freed" = "open";

  /** @throws {BpfError} libbpf cannot read the bytes */
  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.bytes = bytes;
    // struct bpf_object_open_opts: sz 0, object_name 8
    const options = struct(16, [{ offset: 0, u64: 16n }, { offset: 8, pointer: cString(name) }]);
    const pointer = bpf().bpf_object__open_mem(bytes, BigInt(bytes.length), options);
    if (pointer === null) throw new BpfError(`open ${name}.bpf.o`, errnoName(bpf().error()));
    this.#pointer = pointer;
    for (let at = bpf().bpf_object__next_program(pointer, null); at !== null;) {
      this.#programs.set(readCString(bpf().bpf_program__name(at)), at);
      bpf().bpf_program__set_autoload(at, false);
      at = bpf().bpf_object__next_program(pointer, at);
    }
    for (let at = bpf().bpf_object__next_map(pointer, null); at !== null;) {
      this.#maps.set(shortName(readCString(bpf().bpf_map__name(at))), at);
      // It takes the place of another object's map: see shareMap().
      if (bpf().bpf_map__max_entries(at) === 0) bpf().bpf_map__set_autocreate(at, false);
      at = bpf().bpf_object__next_map(pointer, at);
    }
    this.programs = [...this.#programs].map(([program, at]) => ({
      name: program,
      section: readCString(bpf().bpf_program__section_name(at)),
    }));
  }

  #assertOpen(): void {
    if (this.#state !== "open") throw new TypeError(`the BPF object ${this.name} is closed`);
  }

  #program(name: string): Pointer<"bpf_program"> {
    this.#assertOpen();
    const pointer = this.#programs.get(name);
    if (pointer === undefined) throw new TypeError(`the BPF object ${this.name} has no program ${name}`);
    return pointer;
  }

  #map(name: string): Pointer<"bpf_map"> {
    this.#assertOpen();
    const pointer = this.#maps.get(name);
    if (pointer === undefined) throw new TypeError(`the BPF object ${this.name} has no map ${name}`);
    return pointer;
  }

  /** Whether the object has a map of this name; ".bss", ".data" and ".rodata" are maps too. */
  hasMap(name: string): boolean {
    return this.#maps.has(name);
  }

  /** Whether `load` loads this program. @throws {TypeError} there is no such program */
  setAutoload(program: string, on: boolean): void {
    bpf().bpf_program__set_autoload(this.#program(program), on);
  }

  /** How many entries a map is declared with; for a ring buffer its bytes. */
  maxEntries(map: string): number {
    return bpf().bpf_map__max_entries(this.#map(map));
  }

  /** @throws {BpfError} EBUSY: the object is loaded */
  setMaxEntries(map: string, entries: number): void {
    checkResult(
      `set the size of map ${map} of ${this.name}`,
      bpf().bpf_map__set_max_entries(this.#map(map), entries),
    );
  }

  /**
   * Makes this object's programs use the map of this name of a loaded object, which may be closed afterwards. A map that is declared
   * without entries is not created otherwise.
   *
   * @throws {BpfError} out of descriptors; EBUSY: this object is loaded
   */
  shareMap(map: string, owner: NativeObject): void {
    const pointer = this.#map(map);
    const operation = `share map ${map} of ${owner.name} with ${this.name}`;
    checkResult(operation, bpf().bpf_map__set_autocreate(pointer, true));
    checkResult(operation, bpf().bpf_map__reuse_fd(pointer, bpf().bpf_map__fd(owner.#map(map))));
  }

  /** A copy of the bytes that a data section's map holds after loading. */
  initialValue(map: string): Uint8Array<ArrayBuffer> {
    const size = new BigUint64Array(1);
    const pointer = bpf().bpf_map__initial_value(this.#map(map), size);
    if (pointer === null) throw new BpfError(`read ${map} of ${this.name}`, errnoName(bpf().error()));
    return readBytes(pointer, Number(size[0]));
  }

  /** Replaces the bytes of a data section's map. `bytes` are copied and must have the length of the initial value. */
  setInitialValue(map: string, bytes: Uint8Array<ArrayBuffer>): void {
    const result = bpf().bpf_map__set_initial_value(this.#map(map), bytes, BigInt(bytes.length));
    checkResult(`set ${map} of ${this.name}`, result);
  }

  /** The object's own types. */
  types(): BtfReader {
    this.#assertOpen();
    const size = new Uint32Array(1);
    const types = bpf().bpf_object__btf(this.#pointer);
    const data = types === null ? null : bpf().btf__raw_data(types, size);
    if (data === null) throw new BpfError(`read the types of ${this.name}.bpf.o`, errnoName(bpf().error()));
    return new BtfReader(readBytes(data, size[0]!));
  }

  /**
   * Creates the maps and loads the chosen programs, in a worker thread.
   *
   * @returns 0, or the negative errno of bpf_object__load: then the object can only be closed
   * @throws {BpfError} ECANCELED: the object was closed before the load ended
   */
  async load(): Promise<number> {
    return await this.#inWorker(async () => {
      const result = await bpf().bpf_object__load_async(this.#pointer);
      if (result >= 0) this.bytes = null;
      trimHeap();
      return result;
    });
  }

  /**
   * A map of the loaded object, by its descriptor; the caller closes it before the object.
   *
   * @throws {TypeError} there is no such map
   */
  map(name: string): NativeMap {
    const pointer = this.#map(name);
    return new NativeMap({
      name,
      type: bpf().bpf_map__type(pointer),
      keySize: bpf().bpf_map__key_size(pointer),
      valueSize: bpf().bpf_map__value_size(pointer),
      maxEntries: bpf().bpf_map__max_entries(pointer),
    }, bpf().bpf_map__fd(pointer));
  }

  /**
   * Kernel memory of the maps of the loaded object, bytes, as proc_pid_fdinfo(5) reports it.
   *
   * @throws {Deno.errors.NotFound} /proc is not mounted
   * @throws {Deno.errors.PermissionDenied} this process cannot be dumped and is not root
   */
  mapBytes(): number {
    let sum = 0;
    for (const name of this.#maps.keys()) {
      const pointer = this.#map(name);
      if (bpf().bpf_map__fd(pointer) < 0) continue;
      const info = Deno.readTextFileSync(`/proc/self/fdinfo/${bpf().bpf_map__fd(pointer)}`);
      const charged = Number(/^memlock:\s*(\d+)$/m.exec(info)?.[1] ?? 0);
      // Linux 5.11 to 6.3 compute it from keys and values, of which a ring buffer has none.
      const ring = bpf().bpf_map__type(pointer) === MapType.ringbuf ? bpf().bpf_map__max_entries(pointer) : 0;
      sum += Math.max(charged, ring);
    }
    return sum;
  }

  /** Enters a loaded program into a map of programs with one entry. @throws {BpfError} the kernel refused */
  setProgram(map: string, { object, program }: { object: NativeObject; program: string }): void {
    const value = new Int32Array([bpf().bpf_program__fd(object.#program(program))]);
    const fd = bpf().bpf_map__fd(this.#map(map));
    const result = bpf().bpf_map_update_elem(fd, new Uint8Array(4), new Uint8Array(value.buffer), 0n);
    checkResult(`enter ${program} of ${object.name} into map ${map} of ${this.name}`, result);
  }

  /** Empties such a map. @throws {BpfError} the kernel refused, or the map is empty (ENOENT) */
  clearProgram(map: string): void {
    const fd = bpf().bpf_map__fd(this.#map(map));
    checkResult(`empty map ${map} of ${this.name}`, bpf().bpf_map_delete_elem(fd, new Uint8Array(4)));
  }

  /** Attaches a loaded program according to its ELF section. @throws {BpfError} the kernel or libbpf refused */
  attach(program: string): Promise<NativeLink> {
    return this.#link(program, (pointer) => ({
      async: () => bpf().bpf_program__attach_async(pointer),
      sync: () => bpf().bpf_program__attach(pointer),
    }));
  }

  /** Attaches a loaded program to the start or the return of a function. @throws {BpfError} as {@linkcode attach} */
  attachKprobe(program: string, symbol: string, isReturn: boolean): Promise<NativeLink> {
    const name = cString(symbol);
    return this.#link(program, (pointer) => ({
      async: () => bpf().bpf_program__attach_kprobe_async(pointer, isReturn, name),
      sync: () => bpf().bpf_program__attach_kprobe(pointer, isReturn, name),
    }));
  }

  /** Attaches a loaded program to the start of a function; null if libbpf or the kernel refuses, without a reason. */
  tryAttachKprobe(program: string, symbol: string): Promise<NativeLink | null> {
    const pointer = this.#program(program);
    const name = cString(symbol);
    return this.#inWorker(() =>
      withBuffer(name, async () => {
        const link = await bpf().bpf_program__attach_kprobe_async(pointer, false, name);
        return link === null ? null : new NativeLink(link);
      }), (link) => link?.close());
  }

  /**
   * Attaches a loaded program to the starts or returns of many functions with one link: by address, or by name if addresses
   * are hidden.
   *
   * @throws {BpfError} as {@linkcode attach}
   */
  attachKprobeMulti(
    program: string,
    functions: readonly KernelFunction[],
    isReturn: boolean,
  ): Promise<NativeLink> {
    const byAddress = functions.every(({ address }) => address > 0n);
    const targets = struct(
      8 * functions.length,
      functions.map(({ name, address }, index) =>
        byAddress ? { offset: 8 * index, u64: address } : { offset: 8 * index, pointer: cString(name) }
      ),
    );
    // struct bpf_kprobe_multi_opts: sz 0, syms 8, addrs 16, cnt 32, retprobe 40
    const options = struct(48, [
      { offset: 0, u64: 48n },
      { offset: byAddress ? 16 : 8, pointer: targets },
      { offset: 32, u64: BigInt(functions.length) },
      { offset: 40, u32: isReturn ? 1 : 0 },
    ]);
    return this.#link(program, (pointer) => ({
      async: () => bpf().bpf_program__attach_kprobe_multi_opts_async(pointer, null, options),
      sync: () => bpf().bpf_program__attach_kprobe_multi_opts(pointer, null, options),
    }));
  }

  /**
   * Attaches a loaded program to a perf event and starts it. The link closes the event's descriptor, also if attaching fails.
   *
   * @throws {BpfError} as {@linkcode attach}
   */
  attachPerfEvent(program: string, fd: number): NativeLink {
    const link = bpf().bpf_program__attach_perf_event(this.#program(program), fd);
    if (link !== null) return new NativeLink(link);
    const errno = errnoName(bpf().error());
    libc().close(fd);
    throw new BpfError(`attach ${program}`, errno);
  }

  /**
   * Attaches in a worker thread. On failure retries here with messages on, because errno is per thread and libbpf's
   * warnings name the cause.
   */
  async #link(
    program: string,
    make: (pointer: Pointer<"bpf_program">) => Attempt,
  ): Promise<NativeLink> {
    const attempt = make(this.#program(program));
    return await this.#inWorker(async () => {
      const link = await attempt.async();
      if (link !== null) return new NativeLink(link);
      const retry = await exclusive(() => captureWarnings(() => attempt.sync() ?? bpf().error()));
      if (typeof retry.result !== "number") return new NativeLink(retry.result);
      const detail = retry.warnings.at(-1)?.replace(/^prog '[^']+': /, "");
      throw new BpfError(`attach ${program}`, errnoName(retry.result), { detail });
    }, (link) => link.close());
  }

  /**
   * Runs `work`, during which `close` does not free the object.
   *
   * @param discard releases a result that came after `close`
   * @throws {BpfError} ECANCELED: the object was closed before `work` ended
   */
  async #inWorker<T>(work: () => Promise<T>, discard?: (result: T) => void): Promise<T> {
    this.#calls++;
    try {
      const result = await work();
      if (this.#state === "open") return result;
      discard?.(result);
      throw new BpfError(`use ${this.name}`, "ECANCELED", { detail: "it was closed before the call ended" });
    } finally {
      this.#calls--;
      if (this.#state === "closing") this.close();
    }
  }

  /** Runs a loaded raw_tp program once, in this process (BPF_PROG_TEST_RUN). @throws {BpfError} the kernel refused */
  run(program: string): void {
    // struct bpf_test_run_opts: sz 0
    const options = struct(80, [{ offset: 0, u64: 80n }]);
    const fd = bpf().bpf_program__fd(this.#program(program));
    checkResult(`run ${program} of ${this.name}`, bpf().bpf_prog_test_run_opts(fd, options));
  }

  /** The id of a loaded program and, while statistics are on, what it costs. @throws {BpfError} the kernel refused */
  stats(program: string): ProgramStats {
    return programStats(bpf().bpf_program__fd(this.#program(program)));
  }

  /** The machine code of a loaded program. @throws {BpfError} the kernel refused */
  code(program: string): CodeRange[] {
    return programCode(bpf().bpf_program__fd(this.#program(program)));
  }

  /** A reader of the skipped runs of a loaded program, which throws TypeError after `close`. */
  missesReader(program: string): () => bigint {
    const fd = bpf().bpf_program__fd(this.#program(program));
    return () => {
      this.#assertOpen();
      return programMisses(fd);
    };
  }

  /** Unloads programs and maps and frees the object, after the calls in worker threads; may be called twice. */
  close(): void {
    if (this.#state === "freed") return;
    this.#state = this.#calls === 0 ? "freed" : "closing";
    if (this.#state === "freed") bpf().bpf_object__close(this.#pointer);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
