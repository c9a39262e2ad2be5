/**
 * A BPF object: one tool's programs, maps and constants, from the ELF file to what the kernel runs.
 *
 * @module
 */
import { BpfError, KtopError } from "../errors.ts";
import { bpf, captureMessages, errnoName, struct, trimHeap } from "../ffi/mod.ts";
import { attachProgram } from "./attach_program.ts";
import type { BtfReader } from "./btf_reader.ts";
import { type ConstantValue, writeConstant } from "./constants.ts";
import { exclusive } from "./exclusive.ts";
import type { BpfLink } from "./link.ts";
import { explainLoad, type LoadFailure } from "./load_failure.ts";
import { BpfMap } from "./map.ts";
import { NativeObject } from "./native_object.ts";
import { type ProgramStats, programStats } from "./stats.ts";

/** A program of an object. */
export interface ProgramInfo {
  /** C function name: "vfs_read__fentry". */
  readonly name: string;
  /** ELF section: "fentry/vfs_read". */
  readonly section: string;
}

/** Where a global variable lies: which map, and where in its value. */
export interface Variable {
  /** ".bss", ".data" or ".rodata". */
  readonly map: string;
  /** Bytes. */
  readonly offset: number;
  readonly size: number;
}

const SECTIONS = [".rodata", ".data", ".bss"] as const;

/** A BPF object. All programs start switched off: choose by setAutoload, then load, then attach. */
export class BpfObject {
  readonly name: string;
  readonly programs: readonly ProgramInfo[];
  readonly #bytes: Uint8Array;
  #native: NativeObject | null;
  #types: BtfReader | null = null;
  readonly #autoload = new Set<string>();
  readonly #maxEntries = new Map<string, number>();
  /** Changed initial values, by map. */
  readonly #initial = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #maps = new Map<string, BpfMap>();
  readonly #links = new Set<BpfLink>();
  #state: "open" | "loaded" | "closed" = "open";
  /** Calls that libbpf has not returned from: freeing the object waits for them. */
  #calls = 0;

  private constructor(name: string, bytes: Uint8Array) {
    const native = new NativeObject(name, bytes);
    this.name = name;
    this.#bytes = bytes;
    this.#native = native;
    this.programs = native.programs.map((program) => ({ name: program, section: native.section(program) }));
  }

  /**
   * Opens the object of a tool: build/bpf/<tool>.bpf.o, which the compiled program carries inside.
   *
   * @throws {KtopError} there is no such object
   * @throws {BpfError} libbpf cannot read it
   */
  static open(tool: string): BpfObject {
    const path = new URL(`../../build/bpf/${tool}.bpf.o`, import.meta.url);
    let bytes: Uint8Array;
    try {
      bytes = Deno.readFileSync(path);
    } catch (error) {
      throw new KtopError(`The BPF object of ${tool} cannot be read: ${path.pathname}`, {
        cause: error,
        remedy: "Start ktop by scripts/ktop, which builds it.",
      });
    }
    return new BpfObject(tool, bytes);
  }

  /** Opens an object from its ELF bytes. @throws {BpfError} libbpf cannot read it */
  static openBytes(name: string, bytes: Uint8Array): BpfObject {
    return new BpfObject(name, bytes);
  }

  /** The native object, in the state that the operation needs. @throws {TypeError} it is in another */
  #in(state: "open" | "loaded"): NativeObject {
    if (this.#native === null || this.#state !== state) {
      throw new TypeError(`the BPF object ${this.name} is ${this.#state}, not ${state}`);
    }
    return this.#native;
  }

  /** Where a global variable lies; null when the object has none of this name. */
  variable(name: string): Variable | null {
    if (this.#native === null) throw new TypeError(`the BPF object ${this.name} is closed`);
    const types = this.#types ??= this.#native.types();
    for (const map of SECTIONS) {
      const found = types.variables(map).find((variable) => variable.name === name);
      if (found !== undefined) return { map, offset: found.offset, size: found.size };
    }
    return null;
  }

  /**
   * Sets a `const volatile` global, or the first value of another one. Before loading.
   *
   * @throws {TypeError} no such variable, or the value does not fit it
   */
  constant(name: string, value: ConstantValue): void {
    const native = this.#in("open");
    const variable = this.variable(name);
    if (variable === null) throw new TypeError(`the BPF object ${this.name} has no global ${name}`);
    let initial = this.#initial.get(variable.map);
    if (initial === undefined) this.#initial.set(variable.map, initial = native.initialValue(variable.map));
    writeConstant(initial, { name, ...variable }, value);
  }

  /** Sets how many entries a map holds; for a ring buffer the bytes: a power of two, at least a page. Before loading. */
  setMaxEntries(map: string, entries: number): void {
    this.#in("open").map(map);
    this.#maxEntries.set(map, entries);
  }

  /** Whether `load` loads this program. Before loading. */
  setAutoload(program: string, on: boolean): void {
    this.#in("open").program(program);
    if (on) this.#autoload.add(program);
    else this.#autoload.delete(program);
  }

  /**
   * Creates the maps and loads the chosen programs, away from the event loop.
   *
   * @throws {VerifierError} the kernel refused a program
   * @throws {BpfError} any other failure; ECANCELED when the object was closed meanwhile
   */
  async load(): Promise<void> {
    const failure = await this.tryLoad();
    if (failure !== null) throw failure.error;
  }

  /** As {@linkcode BpfObject.load}, but tells which program failed. After a failure the object can only be closed. */
  tryLoad(): Promise<LoadFailure | null> {
    return exclusive(async () => {
      const result = await this.#load(this.#in("open"));
      if (result >= 0) return null;
      // libbpf was silent. Once more, listening: this costs time only where a load fails.
      this.#native?.close();
      this.#native = null;
      const native = this.#native = new NativeObject(this.name, this.#bytes);
      const captured = await captureMessages(() => this.#load(native));
      return captured.result >= 0 ? null : explainLoad(this.name, captured.result, captured.warnings);
    });
  }

  /** One attempt. @returns what bpf_object__load returned */
  async #load(native: NativeObject): Promise<number> {
    for (const program of this.#autoload) bpf().bpf_program__set_autoload(native.program(program), true);
    for (const [map, entries] of this.#maxEntries) bpf().bpf_map__set_max_entries(native.map(map), entries);
    for (const [map, bytes] of this.#initial) {
      const result = bpf().bpf_map__set_initial_value(native.map(map), bytes, BigInt(bytes.length));
      if (result < 0) throw new BpfError(`set ${map} of ${this.name}`, errnoName(result));
    }
    const result = await this.#call(() => bpf().bpf_object__load(native.handle));
    trimHeap();
    if (result >= 0) this.#state = "loaded";
    return result;
  }

  /** Runs a nonblocking call, during which `close` only takes note. @throws {BpfError} ECANCELED: closed meanwhile */
  async #call<T>(call: () => Promise<T>, discard?: (result: T) => void): Promise<T> {
    this.#calls++;
    try {
      const result = await call();
      if (this.#state !== "closed") return result;
      discard?.(result);
      throw new BpfError(`use ${this.name}`, "ECANCELED", { detail: "it was closed meanwhile" });
    } finally {
      this.#calls--;
      if (this.#state === "closed") this.#free();
    }
  }

  /**
   * Attaches a loaded program as its section says. The link belongs to the object and closes with it.
   *
   * @throws {BpfError} the kernel refused, or the kernel function does not exist
   */
  async attach(program: string): Promise<BpfLink> {
    const native = this.#in("loaded");
    const handle = native.program(program);
    const info = { name: program, section: native.section(program) };
    const link = await this.#call(() => attachProgram(info, handle), (late) => late.close());
    this.#links.add(link);
    return link;
  }

  /**
   * Runs a loaded raw_tp program once, as this process (BPF_PROG_TEST_RUN).
   *
   * @throws {BpfError} the kernel refused
   */
  run(program: string): void {
    const fd = bpf().bpf_program__fd(this.#in("loaded").program(program));
    // struct bpf_test_run_opts: sz
    const result = bpf().bpf_prog_test_run_opts(fd, struct(80, [{ offset: 0, u64: 80n }]));
    if (result < 0) throw new BpfError(`run ${program} of ${this.name}`, errnoName(result));
  }

  /** A map of the loaded object; ".bss", ".data" and ".rodata" too. The same object at each call. */
  map(name: string): BpfMap {
    const info = this.#in("loaded").mapInfo(name);
    let map = this.#maps.get(name);
    if (map === undefined) this.#maps.set(name, map = new BpfMap(info));
    return map;
  }

  /** What the kernel knows of a loaded program: its id and, while statistics are on, what it costs. */
  programStats(program: string): ProgramStats {
    return programStats(bpf().bpf_program__fd(this.#in("loaded").program(program)));
  }

  /** Detaches and unloads everything; may be called again. Maps and rings made from it throw TypeError afterwards. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    for (const link of this.#links) link.close();
    for (const map of this.#maps.values()) map.close();
    if (this.#calls === 0) this.#free();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #free(): void {
    this.#native?.close();
    this.#native = null;
    this.#types = null;
  }
}
