/**
 * A BPF object: one tool's programs, maps and constants, from the ELF file to the attached programs.
 *
 * @module
 */
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { BpfError, isExhausted, KtopError } from "../errors.ts";
import {
  type BtfReader,
  captureWarnings,
  type CodeRange,
  exclusive,
  NativeObject,
  type ProgramInfo,
  type ProgramStats,
} from "../ffi/mod.ts";
import { type ConstantValue, writeConstant } from "./constants.ts";
import { type AttachOptions, attachProgram, type BpfLink } from "./link.ts";
import { explainLoad, type LoadFailure } from "./load_failure.ts";
import { BpfMap } from "./map.ts";
import { addOwnCode, removeOwnCode } from "./own_code.ts";

/** The place of a global variable, or of an integer member of a global struct. */
export interface Variable {
  /** ".bss", ".data" or ".rodata". */
  readonly map: string;
  /** Bytes from the start of the map's value. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

const SECTIONS = [".rodata", ".data", ".bss"] as const;

/** A BPF object. No program is loaded by default: choose with setAutoload, then load, then attach. */
export class BpfObject {
  readonly name: string;
  readonly programs: readonly ProgramInfo[];
  #native: NativeObject;
  #types: BtfReader | null = null;
  readonly #autoload = new Set<string>();
  readonly #maxEntries = new Map<string, number>();
  /** Owners of the maps that are shared, by map. */
  readonly #sharedMaps = new Map<string, BpfObject>();
  /** Changed initial values, by map. */
  readonly #initial = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #maps = new Map<string, BpfMap>();
  readonly #links = new Set<{ close(): void }>();
  #state: "open" | "loaded" | "closed" = "open";

  private constructor(name: string, bytes: Uint8Array) {
    this.#native = new NativeObject(name, bytes);
    this.name = name;
    this.programs = this.#native.programs;
  }

  /**
   * Opens the object of a tool: build/objects/<tool>.bpf.o.z, which the compiled program carries.
   *
   * @throws {KtopError} there is no such object, or it is damaged
   * @throws {BpfError} libbpf cannot read it
   */
  static open(tool: string): BpfObject {
    const path = join(import.meta.dirname!, `../../build/objects/${tool}.bpf.o.z`);
    let bytes: Uint8Array;
    try {
      bytes = inflateSync(Deno.readFileSync(path));
    } catch (error) {
      if (isExhausted(error)) throw error;
      throw new KtopError(`The BPF object of ${tool} cannot be read: ${path}`, {
        cause: error,
        remedy: "Start ktop with scripts/ktop, which builds it.",
      });
    }
    return new BpfObject(tool, bytes);
  }

  /**
   * Kernel memory that the maps and ring buffers of a tool's object take, bytes: creates them, without a program, and closes
   * them. Null if the kernel refuses, or if it is unknown.
   *
   * @param prepare As of {@linkcode AttachRequest}.
   */
  static async measureMaps(tool: string, prepare?: (object: BpfObject) => void): Promise<number | null> {
    using object = BpfObject.open(tool);
    prepare?.(object);
    return await object.tryLoad() === null ? object.mapBytes() : null;
  }

  /** Opens an object from its ELF bytes. @throws {BpfError} libbpf cannot read it */
  static openBytes(name: string, bytes: Uint8Array): BpfObject {
    return new BpfObject(name, bytes);
  }

  /** @throws {TypeError} the object is in another state */
  #assert(state: "open" | "loaded"): void {
    if (this.#state !== state) {
      throw new TypeError(`the BPF object ${this.name} is ${this.#state}, not ${state}`);
    }
  }

  /** @throws {TypeError} the object has no such program */
  #program(name: string): ProgramInfo {
    const found = this.programs.find((program) => program.name === name);
    if (found === undefined) throw new TypeError(`the BPF object ${this.name} has no program ${name}`);
    return found;
  }

  /**
   * The place of a global variable, or of an integer member of a global struct ("lost.events").
   *
   * @returns null when the object has none of this name
   */
  variable(path: string): Variable | null {
    const types = this.#types ??= this.#native.types();
    const [name, memberName] = path.split(".");
    for (const map of SECTIONS) {
      const found = types.variables(map).find((variable) => variable.name === name);
      if (found === undefined) continue;
      const { type, offset, size } = found;
      if (memberName === undefined) return { map, offset, size };
      const members = types.members(types.unqualified(type).id);
      const member = members.find((each) => each.name === memberName);
      if (member === undefined) return null;
      return { map, offset: offset + member.bitOffset / 8, size: types.unqualified(member.type).sizeOrType };
    }
    return null;
  }

  /**
   * A reader of an unsigned global integer of 4 or 8 bytes, named as in {@linkcode BpfObject.variable}. After loading.
   *
   * @returns reads the value as the kernel has it now, without a system call
   * @throws {TypeError} the object has no such global
   */
  global(path: string): () => bigint {
    this.#assert("loaded");
    const { map, offset, size } = this.#integer(path, [4, 8]);
    return () => map.readUnsigned(offset, size);
  }

  /**
   * A writer of a global __u32 that programs read while they run, named as in {@linkcode BpfObject.variable}. After loading.
   *
   * @returns stores a value, without a system call
   * @throws {TypeError} the object has no such global
   */
  globalWriter(path: string): (value: number) => void {
    this.#assert("loaded");
    const { map, offset } = this.#integer(path, [4]);
    return (value) => map.writeU32(offset, value);
  }

  #integer(path: string, sizes: readonly number[]): { map: BpfMap; offset: number; size: number } {
    const variable = this.variable(path);
    if (variable === null || !sizes.includes(variable.size)) {
      throw new TypeError(`the BPF object ${this.name} has no global integer ${path}`);
    }
    return { ...variable, map: this.map(variable.map) };
  }

  /**
   * Sets a `const volatile` global, or the initial value of another one. Before loading.
   *
   * @throws {TypeError} no such variable, or the value does not fit it
   */
  constant(name: string, value: ConstantValue): void {
    this.#assert("open");
    const variable = this.variable(name);
    if (variable === null) throw new TypeError(`the BPF object ${this.name} has no global ${name}`);
    let initial = this.#initial.get(variable.map);
    if (initial === undefined) {
      this.#initial.set(variable.map, initial = this.#native.initialValue(variable.map));
    }
    writeConstant(initial, { name, ...variable }, value);
  }

  /** The initial bytes of a global. @throws {TypeError} the object has no such global */
  initialBytes(name: string): Uint8Array<ArrayBuffer> {
    const variable = this.variable(name);
    if (variable === null) throw new TypeError(`the BPF object ${this.name} has no global ${name}`);
    return this.#native.initialValue(variable.map).slice(variable.offset, variable.offset + variable.size);
  }

  /** Whether the object has a map of this name. */
  hasMap(name: string): boolean {
    return this.#native.hasMap(name);
  }

  /** Whether the object was closed. */
  get closed(): boolean {
    return this.#state === "closed";
  }

  /** Makes the programs use the map of this name of another loaded object. Before loading. */
  shareMap(map: string, owner: BpfObject): void {
    this.#assert("open");
    owner.#assert("loaded");
    if (!this.#native.hasMap(map)) throw new TypeError(`the BPF object ${this.name} has no map ${map}`);
    this.#sharedMaps.set(map, owner);
  }

  /** Sets how many entries a map holds; for a ring buffer its bytes: a power of two, at least a page. Before loading. */
  setMaxEntries(map: string, entries: number): void {
    this.#assert("open");
    if (!this.#native.hasMap(map)) throw new TypeError(`the BPF object ${this.name} has no map ${map}`);
    this.#maxEntries.set(map, entries);
  }

  /**
   * Makes a ring buffer up to `factor` times as large as it is declared, but not larger than `maxBytes`. Nothing if the object
   * has no such map. Before loading.
   *
   * @param factor a power of two
   */
  growRing(map: string, factor: number, maxBytes: number): void {
    this.#assert("open");
    if (!this.#native.hasMap(map)) return;
    const declared = this.#native.maxEntries(map);
    let bytes = declared * factor;
    while (bytes > maxBytes) bytes /= 2;
    if (bytes > declared) this.#maxEntries.set(map, bytes);
  }

  /** Whether `load` loads this program. Before loading. */
  setAutoload(program: string, on: boolean): void {
    this.#assert("open");
    const { name } = this.#program(program);
    if (on) this.#autoload.add(name);
    else this.#autoload.delete(name);
  }

  /**
   * Creates the maps and loads the chosen programs, in a worker thread.
   *
   * @throws {VerifierError} the kernel refused a program
   * @throws {BpfError} any other failure; ECANCELED when the object was closed before the load ended
   */
  async load(): Promise<void> {
    const failure = await this.tryLoad();
    if (failure !== null) throw failure.error;
  }

  /** As {@linkcode BpfObject.load}, but reports which program failed. After a failure the object can only be closed. */
  tryLoad(): Promise<LoadFailure | null> {
    return exclusive(async () => {
      this.#assert("open");
      if (await this.#load() >= 0) return null;
      // The first attempt runs without messages, which take time. Only a failed load is repeated with them.
      const bytes = this.#native.bytes!;
      this.#native.close();
      this.#native = new NativeObject(this.name, bytes);
      const { result, warnings } = await captureWarnings(() => this.#load());
      return result >= 0 ? null : explainLoad(this.name, result, warnings);
    });
  }

  /** One attempt. @returns 0, or the negative errno of bpf_object__load */
  async #load(): Promise<number> {
    const native = this.#native;
    for (const program of this.#autoload) native.setAutoload(program, true);
    for (const [map, owner] of this.#sharedMaps) native.shareMap(map, owner.#native);
    for (const [map, entries] of this.#maxEntries) native.setMaxEntries(map, entries);
    for (const [map, bytes] of this.#initial) native.setInitialValue(map, bytes);
    const result = await native.load();
    if (result >= 0) {
      this.#state = "loaded";
      addOwnCode(this, this.#readCode());
    }
    return result;
  }

  /** The machine code of the loaded programs; of those that the kernel does not describe, none. */
  #readCode(): CodeRange[] {
    return [...this.#autoload].flatMap((program) => {
      try {
        return this.#native.code(program);
      } catch (error) {
        if (error instanceof BpfError) return [];
        throw error;
      }
    });
  }

  /**
   * Attaches a loaded program according to its section. The link belongs to the object and closes with it.
   *
   * @param options for sections that do not name their target
   * @throws {BpfError} the kernel refused, it has no such function, or the object was closed (ECANCELED)
   */
  async attach(program: string, options: AttachOptions = {}): Promise<BpfLink> {
    this.#assert("loaded");
    const link = await attachProgram(this.#native, this.#program(program), options);
    this.#links.add(link);
    return link;
  }

  /** Closes `link` with this object, before everything else. */
  adopt(link: { close(): void }): void {
    this.#links.add(link);
  }

  /** Enters a program of a loaded object into a map of programs with one entry. @throws {BpfError} the kernel refused */
  setProgram(map: string, object: BpfObject, program: string): void {
    this.#native.setProgram(map, { object: object.#native, program });
  }

  /** Empties such a map. @throws {BpfError} the kernel refused */
  clearProgram(map: string): void {
    this.#native.clearProgram(map);
  }

  /** Runs a loaded raw_tp program once, in this process (BPF_PROG_TEST_RUN). @throws {BpfError} the kernel refused */
  run(program: string): void {
    this.#assert("loaded");
    this.#native.run(program);
  }

  /** A map of the loaded object; ".bss", ".data" and ".rodata" too. The same instance on each call. */
  map(name: string): BpfMap {
    this.#assert("loaded");
    let map = this.#maps.get(name);
    if (map === undefined) this.#maps.set(name, map = new BpfMap(this.#native.map(name)));
    return map;
  }

  /** Kernel memory of all maps and ring buffers, bytes; null if /proc is missing or closed to this process. After loading. */
  mapBytes(): number | null {
    this.#assert("loaded");
    try {
      return this.#native.mapBytes();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return null;
      throw error;
    }
  }

  /** The id of a loaded program and, while statistics are on, what it costs. @throws {BpfError} the kernel refused */
  programStats(program: string): ProgramStats {
    this.#assert("loaded");
    return this.#native.stats(program);
  }

  /**
   * A reader of how often the kernel has skipped a run of a loaded program. It throws BpfError if the kernel refuses, TypeError
   * after `close`.
   */
  missesReader(program: string): () => bigint {
    this.#assert("loaded");
    return this.#native.missesReader(program);
  }

  /** Detaches and unloads everything; may be called twice. Maps and rings of the object throw TypeError afterwards. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    removeOwnCode(this);
    for (const link of this.#links) link.close();
    for (const map of this.#maps.values()) map.close();
    this.#native.close();
    this.#types = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
