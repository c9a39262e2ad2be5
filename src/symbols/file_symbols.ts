/**
 * The functions of one ELF file, by offset in the file.
 *
 * @module
 */
import { addressOf, type Elf, functionsOf, parseElf, type Segment, type Source } from "./elf.ts";
import { FunctionTable } from "./function_table.ts";
import { symbolName } from "./names.ts";

/** Longest name that is read, bytes. */
const MAX_NAME = 4096;
/** Bytes of an object without its tables. */
const OVERHEAD = 4096;

/** Opens the file with the debug information of a build-id. The caller closes it. */
export type OpenDebugFile = (buildId: string) => (Source & Disposable) | null;

/** Functions, whose names are in the mapped file or in the file with its debug information. */
interface NamedTable {
  readonly functions: FunctionTable;
  readonly isDebugFile: boolean;
}

/** The functions of a symbol table: of all functions, else of the exported ones. */
function tableOf(source: Source, elf: Elf): FunctionTable | null {
  const section = elf.symtab ?? elf.dynsym;
  return section && new FunctionTable(functionsOf(source, elf, section));
}

/** What is kept of a file. Names are read from the file when they are looked up. */
export class FileSymbols {
  readonly #segments: readonly Segment[];
  readonly #buildId: string | null;
  readonly #tables: NamedTable[] = [];

  /** Reads a file that need not be an ELF file. A stripped one may have debug information, which has more functions. */
  constructor(source: Source, openDebugFile: OpenDebugFile) {
    const elf = parseElf(source);
    this.#segments = elf?.segments ?? [];
    this.#buildId = elf?.buildId ?? null;
    if (elf === null) return;
    if (elf.symtab === null && elf.buildId !== null) {
      using debugFile = openDebugFile(elf.buildId);
      const debugElf = debugFile && parseElf(debugFile);
      const functions = debugElf?.symtab ? tableOf(debugFile!, debugElf) : null;
      if (functions) this.#tables.push({ functions, isDebugFile: true });
    }
    const functions = tableOf(source, elf);
    if (functions) this.#tables.push({ functions, isDebugFile: false });
  }

  /** Whether it is an ELF file whose headers can be read. */
  get isElf(): boolean {
    return this.#segments.length > 0;
  }

  /** Bytes of memory. */
  get bytes(): number {
    return this.#tables.reduce((sum, { functions }) => sum + functions.bytes, OVERHEAD);
  }

  /** The address at which the file expects the byte at an offset to be loaded; null: no segment has it. */
  addressOf(offset: number): number | null {
    return addressOf(this.#segments, offset);
  }

  /** The name of the function that contains an address of {@linkcode addressOf}; null if there is none. */
  nameOf(source: Source, openDebugFile: OpenDebugFile, address: number): string | null {
    for (const { functions, isDebugFile } of this.#tables) {
      const offset = functions.find(address);
      if (offset === null) continue;
      using debugFile = isDebugFile ? openDebugFile(this.#buildId!) : null;
      const holder = isDebugFile ? debugFile : source;
      const name = holder && symbolName(holder.read(offset, MAX_NAME));
      if (name) return name;
    }
    return null;
  }
}
