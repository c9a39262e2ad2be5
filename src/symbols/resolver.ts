/**
 * Names addresses of processes: finds the mapping, opens the mapped file and looks the function up. Runs in the worker thread;
 * a process or a file that cannot be read costs its own names only.
 *
 * @module
 */
import { threadCpuNs } from "../ffi/mod.ts";
import type { Source } from "./elf.ts";
import { FileSymbols, type OpenDebugFile } from "./file_symbols.ts";
import { LruCache } from "./lru.ts";
import type { Mapping } from "./mappings.ts";
import { NOT_CODE, type ProcessNames, type ProcessRequest, UNKNOWN } from "./messages.ts";
import { placeName } from "./names.ts";
import { PerfMap } from "./perf_map.ts";
import { generationOf, Process } from "./process.ts";

/** Bytes of function tables and perf maps that are kept. */
const MAX_TABLE_BYTES = 64 * 1024 * 1024;
const MAX_PERF_MAP_BYTES = 32 * 1024 * 1024;

/**
 * CPU time that one request for names may take, nanoseconds. What is not named by then is a place, or unknown where its file was not
 * read, and is looked up again by the next request.
 */
const MAX_CPU_NS = 2_000_000_000n;
/** After so many requests that took too long, a program is given up: its other addresses keep what they have. */
const MAX_OVERRUNS = 5;

/** The name of an address. */
interface Named {
  readonly address: number;
  readonly name: string;
  /** Whether the name cannot change while the process runs this program. */
  readonly isFinal: boolean;
}

/** Names addresses, and keeps the function tables of files and the perf maps of processes. */
export class Resolver {
  /** By identity of the file. */
  readonly #files = new LruCache<string, FileSymbols>(MAX_TABLE_BYTES, ({ bytes }) => bytes);
  /** By process, program and inode of the file. */
  readonly #perfMaps = new LruCache<string, PerfMap>(MAX_PERF_MAP_BYTES, ({ bytes }) => bytes);

  /** How many requests of a program took too long. */
  readonly #overruns = new LruCache<string, number>(1024, () => 1);
  /** The current request is of a program that was given up. */
  #isGivenUp = false;
  /** When the time of the current request is over, by {@linkcode threadCpuNs}. */
  #deadline = 0n;
  readonly #maxCpuNs: bigint;

  /** @param maxCpuNs CPU time that one request may take, nanoseconds */
  constructor(maxCpuNs = MAX_CPU_NS) {
    this.#maxCpuNs = maxCpuNs;
  }

  /** The names of the addresses of one process. */
  resolve({ pid, generation: known, open, final }: ProcessRequest): ProcessNames {
    const generation = generationOf(pid);
    const wanted = generation === known ? [...open] : [...open, ...final];
    const program = `${pid}:${generation}`;
    const overruns = this.#overruns.get(program) ?? 0;
    this.#isGivenUp = overruns >= MAX_OVERRUNS;
    this.#deadline = threadCpuNs() + this.#maxCpuNs;
    const named = generation === null || wanted.length === 0
      ? []
      : this.#namesIn(new Process(pid), program, wanted);
    if (!this.#isGivenUp && this.#isTimeUp()) this.#overruns.set(program, overruns + 1);
    // The process may have ended, or have executed another program, while its mappings were read.
    const isSame = named.length === 0 || generationOf(pid) === generation;
    return {
      pid,
      generation: isSame ? generation : null,
      addresses: Float64Array.from(named, ({ address }) => address),
      names: named.map(({ name }) => name),
      isFinal: Uint8Array.from(named, ({ isFinal }) => isFinal ? 1 : 0),
    };
  }

  #isTimeUp(): boolean {
    return this.#isGivenUp || threadCpuNs() > this.#deadline;
  }

  #namesIn(process: Process, program: string, wanted: readonly number[]): Named[] {
    const byMapping = [...Map.groupBy(wanted, (address) => process.mappingOf(address))];
    const unnamed: Unnamed[] = [];
    const named = byMapping.flatMap(([mapping, addresses]): Named[] => {
      if (mapping === null) {
        const name = process.hasCode ? NOT_CODE : UNKNOWN;
        return addresses.map((address) => ({ address, name, isFinal: false }));
      }
      const found = this.#inMapping(process, mapping, addresses);
      if (found === null) { for (const address of addresses) unnamed.push({ address, mapping }); }
      return found ?? [];
    });
    return unnamed.length === 0 ? named : named.concat(this.#inPerfMap(process, program, unnamed));
  }

  /** Null: the mapping has no symbols. */
  #inMapping(process: Process, mapping: Mapping, addresses: readonly number[]): Named[] | null {
    if (mapping.path === "[vdso]") return this.#inVdso(process, mapping, addresses);
    if (mapping.path === "[vsyscall]") {
      return addresses.map((address) => ({ address, name: mapping.path, isFinal: true }));
    }
    if (!mapping.path.startsWith("/")) return null;
    if (!this.#isTimeUp()) return this.#inFile(process, mapping, addresses);
    return addresses.map((address) => ({ address, name: UNKNOWN, isFinal: this.#isGivenUp }));
  }

  /** Null: the file cannot be opened, or is not an ELF file. */
  #inFile(process: Process, mapping: Mapping, addresses: readonly number[]): Named[] | null {
    using file = process.open(mapping);
    if (file === null) return null;
    const openDebugFile = (buildId: string) => process.openDebugFile(buildId);
    let symbols = this.#files.get(file.status.identity);
    if (symbols === undefined) {
      symbols = new FileSymbols(file, openDebugFile);
      this.#files.set(file.status.identity, symbols);
    }
    return this.#namesOf(symbols, { source: file, openDebugFile, mapping, addresses });
  }

  /** Null: the process's memory cannot be read. */
  #inVdso(process: Process, mapping: Mapping, addresses: readonly number[]): Named[] | null {
    const source = process.vdso(mapping);
    if (source === null) return null;
    const openDebugFile = () => null;
    const symbols = new FileSymbols(source, openDebugFile);
    return this.#namesOf(symbols, { source, openDebugFile, mapping, addresses });
  }

  /** Null: the file is not an ELF file. */
  #namesOf(
    symbols: FileSymbols,
    { source, openDebugFile, mapping, addresses }: {
      readonly source: Source;
      readonly openDebugFile: OpenDebugFile;
      readonly mapping: Mapping;
      readonly addresses: readonly number[];
    },
  ): Named[] | null {
    if (!symbols.isElf) return null;
    return addresses.map((address) => {
      const place = symbols.addressOf(address - mapping.start + mapping.offset);
      if (place === null) return { address, name: withoutSymbols(mapping, address), isFinal: true };
      const isTimeUp = this.#isTimeUp();
      const name = isTimeUp ? null : symbols.nameOf(source, openDebugFile, place);
      return {
        address,
        name: name ?? placeName(mapping.path, place),
        isFinal: !isTimeUp || this.#isGivenUp,
      };
    });
  }

  /** Names of generated code, and places in files that are not ELF files. */
  #inPerfMap(process: Process, program: string, unnamed: readonly Unnamed[]): Named[] {
    using file = this.#isTimeUp() ? null : process.openPerfMap();
    let perfMap: PerfMap | undefined;
    if (file !== null) {
      const key = `${program} ${file.status.inode}`;
      perfMap = this.#perfMaps.get(key) ?? new PerfMap();
      perfMap.update(file, file.status.size);
      this.#perfMaps.set(key, perfMap);
    }
    return unnamed.map(({ address, mapping }) => {
      const name = file && !this.#isTimeUp() ? perfMap!.find(file, address) : null;
      return { address, name: name ?? withoutSymbols(mapping, address), isFinal: this.#isGivenUp };
    });
  }
}

/** An address that no symbol table can name. */
interface Unnamed {
  readonly address: number;
  readonly mapping: Mapping;
}

function withoutSymbols({ path, start, offset }: Mapping, address: number): string {
  return path.startsWith("/") ? placeName(path, address - start + offset) : UNKNOWN;
}
