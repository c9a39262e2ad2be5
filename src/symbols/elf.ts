/**
 * The parts of an ELF file that name functions (elf(5)): program headers, build-id and symbol tables, of 32 and 64 bits,
 * little-endian. Files are untrusted: every offset and count is bounded, and bytes outside the file read as absent.
 *
 * @module
 */

/** Where the bytes of a file come from. */
export interface Source {
  /** Up to `length` bytes at `offset`; fewer at the end. */
  read(offset: number, length: number): Uint8Array;
}

/** The bytes of a file in memory. */
export function sourceOf(bytes: Uint8Array): Source {
  return { read: (offset, length) => bytes.slice(offset, offset + length) };
}

/** A part of the file that is loaded at an address. */
export interface Segment {
  readonly offset: number;
  readonly address: number;
  /** Bytes in the file. */
  readonly length: number;
  readonly executable: boolean;
}

/** A section by its place in the file or, when it has an address, in memory. */
interface Section {
  readonly type: number;
  readonly executable: boolean;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly entrySize: number;
}

/** A symbol table and the strings of its names. */
export interface SymbolSection {
  readonly offset: number;
  readonly size: number;
  readonly namesOffset: number;
  readonly namesSize: number;
}

/** A function of a symbol table. */
export interface ElfFunction {
  readonly address: number;
  /** 0: unknown. */
  readonly size: number;
  /** Where the section that contains it ends. */
  readonly sectionEnd: number;
  /** Offset of the name in the file. */
  readonly name: number;
  /** STB_LOCAL, STB_GLOBAL or STB_WEAK. */
  readonly binding: number;
  /** Declared a function, rather than a label of assembly code. */
  readonly isFunction: boolean;
}

/** What is read of an ELF file. */
export interface Elf {
  readonly bits: 32 | 64;
  readonly segments: readonly Segment[];
  /** In hexadecimal; null: the file has none. */
  readonly buildId: string | null;
  readonly symtab: SymbolSection | null;
  readonly dynsym: SymbolSection | null;
  readonly sections: readonly Section[];
}

const MAX_SEGMENTS = 512;
/** Linkers make fewer than a hundred. */
const MAX_SECTIONS = 16_384;
const MAX_NOTE_BYTES = 65_536;
const MAX_BUILD_ID = 64;
/** Symbols read from one table: 96 MiB. The largest browsers have two million functions. */
const MAX_SYMBOLS = 4 * 1024 * 1024;
/** Symbols read at once. */
const SYMBOLS_PER_READ = 16_384;

const PT_LOAD = 1;
const PT_NOTE = 4;
const PF_X = 1;
const SHT_SYMTAB = 2;
const SHT_NOTE = 7;
const SHT_DYNSYM = 11;
const SHF_EXECINSTR = 4;
const NT_GNU_BUILD_ID = 3;
const STT_NOTYPE = 0;
const STT_FUNC = 2;
const STT_GNU_IFUNC = 10;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A number of 8 bytes; inexact above 2^53, which no file offset or user address reaches. */
const u64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** The entries of a header table; fewer if the file ends earlier. */
function tableOf<T>(
  source: Source,
  { offset, count, entrySize, minimum }: {
    offset: number;
    count: number;
    entrySize: number;
    minimum: number;
  },
  entry: (view: DataView, at: number) => T,
): T[] {
  if (entrySize < minimum || entrySize > 1024 || !Number.isSafeInteger(offset)) return [];
  const view = viewOf(source.read(offset, count * entrySize));
  const found: T[] = [];
  for (let at = 0; at + minimum <= view.byteLength && found.length < count; at += entrySize) {
    found.push(entry(view, at));
  }
  return found;
}

interface Program extends Segment {
  readonly type: number;
}

const programOf = (bits: 32 | 64) => (view: DataView, at: number): Program =>
  bits === 64
    ? {
      type: view.getUint32(at, true),
      executable: (view.getUint32(at + 4, true) & PF_X) !== 0,
      offset: u64(view, at + 8),
      address: u64(view, at + 16),
      length: u64(view, at + 32),
    }
    : {
      type: view.getUint32(at, true),
      executable: (view.getUint32(at + 24, true) & PF_X) !== 0,
      offset: view.getUint32(at + 4, true),
      address: view.getUint32(at + 8, true),
      length: view.getUint32(at + 16, true),
    };

const sectionOf = (bits: 32 | 64) => (view: DataView, at: number): Section =>
  bits === 64
    ? {
      type: view.getUint32(at + 4, true),
      executable: (view.getUint32(at + 8, true) & SHF_EXECINSTR) !== 0,
      address: u64(view, at + 16),
      offset: u64(view, at + 24),
      size: u64(view, at + 32),
      link: view.getUint32(at + 40, true),
      entrySize: u64(view, at + 56),
    }
    : {
      type: view.getUint32(at + 4, true),
      executable: (view.getUint32(at + 8, true) & SHF_EXECINSTR) !== 0,
      address: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
      size: view.getUint32(at + 20, true),
      link: view.getUint32(at + 24, true),
      entrySize: view.getUint32(at + 36, true),
    };

/** The build-id in the bytes of a note section; null if there is none. */
function buildIdIn(bytes: Uint8Array): string | null {
  const view = viewOf(bytes);
  for (let at = 0; at + 12 <= bytes.length;) {
    const [nameSize, size, type] = [0, 4, 8].map((field) => view.getUint32(at + field, true));
    const start = at + 12 + Math.ceil(nameSize! / 4) * 4;
    const isGnu = nameSize === 4 && at + 16 <= bytes.length && view.getUint32(at + 12, true) === 0x0055_4e47;
    if (isGnu && type === NT_GNU_BUILD_ID) {
      return size! > 0 && size! <= MAX_BUILD_ID && start + size! <= bytes.length
        ? Array.from(bytes.subarray(start, start + size!), (byte) => byte.toString(16).padStart(2, "0")).join(
          "",
        )
        : null;
    }
    at = start + Math.ceil(size! / 4) * 4;
  }
  return null;
}

function symbolSection(bits: 32 | 64, sections: readonly Section[], type: number): SymbolSection | null {
  const section = sections.find((one) => one.type === type && one.size > 0);
  const names = sections[section?.link ?? -1];
  if (!section || !names || section.entrySize !== (bits === 64 ? 24 : 16)) return null;
  return { offset: section.offset, size: section.size, namesOffset: names.offset, namesSize: names.size };
}

/** Parses the headers of an ELF file; null if it is none, or a big-endian one. */
export function parseElf(source: Source): Elf | null {
  const bytes = source.read(0, 64);
  const header = viewOf(bytes);
  if (bytes.length < 52 || header.getUint32(0) !== 0x7f45_4c46 || bytes[5] !== 1) return null;
  const bits = bytes[4] === 2 ? 64 : bytes[4] === 1 ? 32 : null;
  if (bits === null || (bits === 64 && bytes.length < 64)) return null;
  const wide = bits === 64;
  const u16 = (at: number): number => header.getUint16(at, true);
  const programs = tableOf(source, {
    offset: wide ? u64(header, 32) : header.getUint32(28, true),
    entrySize: u16(wide ? 54 : 42),
    count: Math.min(u16(wide ? 56 : 44), MAX_SEGMENTS),
    minimum: wide ? 56 : 32,
  }, programOf(bits));
  const sections = tableOf(source, {
    offset: wide ? u64(header, 40) : header.getUint32(32, true),
    entrySize: u16(wide ? 58 : 46),
    count: Math.min(u16(wide ? 60 : 48), MAX_SECTIONS),
    minimum: wide ? 64 : 40,
  }, sectionOf(bits));
  const notes = [
    ...programs.filter(({ type }) => type === PT_NOTE),
    ...sections.filter(({ type }) => type === SHT_NOTE).map(({ offset, size }) => ({ offset, length: size })),
  ];
  let buildId: string | null = null;
  for (const { offset, length } of notes.slice(0, 64)) {
    buildId ??= buildIdIn(source.read(offset, Math.min(length, MAX_NOTE_BYTES)));
  }
  return {
    bits,
    segments: programs.filter(({ type }) => type === PT_LOAD),
    buildId,
    symtab: symbolSection(bits, sections, SHT_SYMTAB),
    dynsym: symbolSection(bits, sections, SHT_DYNSYM),
    sections,
  };
}

/** The defined functions of a symbol table, and the labels in sections of code, in the order of the table. */
export function* functionsOf(
  source: Source,
  { bits, sections }: Elf,
  table: SymbolSection,
): Generator<ElfFunction> {
  const entrySize = bits === 64 ? 24 : 16;
  const count = Math.min(Math.floor(table.size / entrySize), MAX_SYMBOLS);
  for (let first = 0; first < count; first += SYMBOLS_PER_READ) {
    const wanted = Math.min(SYMBOLS_PER_READ, count - first) * entrySize;
    const view = viewOf(source.read(table.offset + first * entrySize, wanted));
    for (let at = 0; at + entrySize <= view.byteLength; at += entrySize) {
      const info = view.getUint8(at + (bits === 64 ? 4 : 12));
      const type = info & 0xf;
      if (type !== STT_FUNC && type !== STT_NOTYPE && type !== STT_GNU_IFUNC) continue;
      const name = view.getUint32(at, true);
      const section = sections[view.getUint16(at + (bits === 64 ? 6 : 14), true)];
      // Symbol 0 and undefined symbols are in section 0; constants are in none.
      if (!section || section.type === 0 || name === 0 || name >= table.namesSize) continue;
      if (type === STT_NOTYPE && !section.executable) continue;
      yield {
        address: bits === 64 ? u64(view, at + 8) : view.getUint32(at + 4, true),
        size: bits === 64 ? u64(view, at + 16) : view.getUint32(at + 8, true),
        sectionEnd: section.address + section.size,
        name: table.namesOffset + name,
        binding: info >>> 4,
        isFunction: type !== STT_NOTYPE,
      };
    }
    if (view.byteLength < wanted) return;
  }
}

/** The address at which the byte at `offset` of the file is loaded; null if no segment holds it. */
export function addressOf(segments: readonly Segment[], offset: number): number | null {
  const holding = segments.filter((one) => offset >= one.offset && offset < one.offset + one.length);
  const segment = holding.find(({ executable }) => executable) ?? holding[0];
  return segment === undefined ? null : offset - segment.offset + segment.address;
}
