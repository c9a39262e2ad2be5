/**
 * Makes small ELF files with chosen functions.
 *
 * @module
 */

/** A function of a made file. */
export interface MadeFunction {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  /** Default: 0x12, STB_GLOBAL and STT_FUNC. */
  readonly info?: number;
  /** Default: 1, the code; 0: undefined. */
  readonly section?: number;
}

/** Where the code of a made file is: offset in the file, address, and bytes. */
export const CODE = { offset: 0x1000, address: 0x40_1000, size: 0x1000 } as const;
/** The build-id of a made file. */
export const BUILD_ID = "0123456789abcdef";

const SHT = { progbits: 1, symtab: 2, strtab: 3, note: 7, dynsym: 11 } as const;

/** A file whose symbol table, by default `.symtab`, has these functions. */
export function makeElf(
  functions: readonly MadeFunction[],
  { bits = 64, table = "symtab", buildId = true }: {
    readonly bits?: 32 | 64;
    readonly table?: "symtab" | "dynsym";
    readonly buildId?: boolean;
  } = {},
): Uint8Array<ArrayBuffer> {
  const wide = bits === 64;
  const names = [""];
  const nameOffsets = functions.map(({ name }) =>
    names.push(name) && names.slice(0, -1).join("\0").length + 1
  );
  const strings = new TextEncoder().encode(`${names.join("\0")}\0`);
  const symbolSize = wide ? 24 : 16;
  const symbolsAt = CODE.offset + CODE.size;
  const symbolsSize = (functions.length + 1) * symbolSize;
  const stringsAt = symbolsAt + symbolsSize;
  const noteAt = Math.ceil((stringsAt + strings.length) / 8) * 8;
  const sectionsAt = noteAt + 24;
  const sectionSize = wide ? 64 : 40;
  const bytes = new Uint8Array(sectionsAt + 5 * sectionSize);
  const view = new DataView(bytes.buffer);
  const u16 = (at: number, value: number) => view.setUint16(at, value, true);
  const u32 = (at: number, value: number) => view.setUint32(at, value, true);
  /** A number of the file's width. */
  const word = (at: number, value: number) =>
    wide ? view.setBigUint64(at, BigInt(value), true) : u32(at, value);

  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, 1, 1]);
  word(wide ? 32 : 28, 64); // program headers
  word(wide ? 40 : 32, sectionsAt);
  for (
    const [at, value]
      of (wide ? [[54, 56], [56, 1], [58, 64], [60, 5]] : [[42, 32], [44, 1], [46, 40], [48, 5]])
  ) {
    u16(at!, value!);
  }
  u32(64, 1); // PT_LOAD, readable and executable
  u32(wide ? 68 : 88, 5);
  for (
    const [at, value]
      of (wide
        ? [[72, CODE.offset], [80, CODE.address], [96, CODE.size], [104, CODE.size]]
        : [[68, CODE.offset], [72, CODE.address], [80, CODE.size], [84, CODE.size]])
  ) word(at!, value!);

  for (const [index, { address, size, info = 0x12, section = 1 }] of functions.entries()) {
    const at = symbolsAt + (index + 1) * symbolSize;
    u32(at, nameOffsets[index]!);
    bytes[at + (wide ? 4 : 12)] = info;
    u16(at + (wide ? 6 : 14), section);
    word(at + (wide ? 8 : 4), address);
    word(at + (wide ? 16 : 8), size);
  }
  bytes.set(strings, stringsAt);
  u32(noteAt, 4);
  u32(noteAt + 4, BUILD_ID.length / 2);
  u32(noteAt + 8, 3); // NT_GNU_BUILD_ID
  bytes.set(new TextEncoder().encode("GNU\0"), noteAt + 12);
  bytes.set(Uint8Array.from(BUILD_ID.match(/../g)!, (pair) => parseInt(pair, 16)), noteAt + 16);

  const sections = [
    { type: 0, flags: 0, address: 0, offset: 0, size: 0, link: 0, entry: 0 },
    { type: SHT.progbits, flags: 6, ...CODE, link: 0, entry: 0 },
    {
      type: SHT[table],
      flags: 0,
      address: 0,
      offset: symbolsAt,
      size: symbolsSize,
      link: 3,
      entry: symbolSize,
    },
    { type: SHT.strtab, flags: 0, address: 0, offset: stringsAt, size: strings.length, link: 0, entry: 0 },
    { type: buildId ? SHT.note : 0, flags: 0, address: 0, offset: noteAt, size: 24, link: 0, entry: 0 },
  ];
  for (const [index, { type, flags, address, offset, size, link, entry }] of sections.entries()) {
    const at = sectionsAt + index * sectionSize;
    u32(at + 4, type);
    const places = wide ? [8, 16, 24, 32, 56] : [8, 12, 16, 20, 36];
    for (const [field, value] of [flags, address, offset, size, entry].entries()) {
      word(at + places[field]!, value);
    }
    u32(at + (wide ? 40 : 24), link);
  }
  return bytes;
}
