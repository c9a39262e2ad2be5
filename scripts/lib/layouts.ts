/**
 * Makes src/tools/<tool>/layout.gen.ts from the types of build/bpf/<tool>.bpf.o: size, offsets and array lengths of the
 * structs that a tool's BPF programs share with user space, whose names begin with the tool's.
 *
 *     deno run --allow-read --allow-write scripts/lib/layouts.ts [--check]
 *
 * With --check nothing is written; it ends with status 1 when a file differs from what its object says.
 *
 * @module
 */
import { BtfReader, type BtfType, Kind } from "../../src/bpf/mod.ts";

const OBJECTS = new URL("../../build/bpf/", import.meta.url);
const TOOLS = new URL("../../src/tools/", import.meta.url);

/**
 * The bytes of a section of a little-endian ELF64 file.
 *
 * @throws {Error} there is no such section
 */
export function elfSection(file: Uint8Array<ArrayBuffer>, name: string): Uint8Array<ArrayBuffer> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  // Elf64_Ehdr: e_shoff 40, e_shentsize 58, e_shnum 60, e_shstrndx 62; Elf64_Shdr: sh_name 0, sh_offset 24, sh_size 32
  const table = Number(view.getBigUint64(40, true));
  const header = (index: number): number => table + index * view.getUint16(58, true);
  const content = (index: number): Uint8Array<ArrayBuffer> => {
    const offset = Number(view.getBigUint64(header(index) + 24, true));
    return file.subarray(offset, offset + Number(view.getBigUint64(header(index) + 32, true)));
  };
  const names = new TextDecoder("latin1").decode(content(view.getUint16(62, true)));
  for (let index = 0; index < view.getUint16(60, true); index++) {
    const at = view.getUint32(header(index), true);
    if (names.slice(at, names.indexOf("\0", at)) === name) return content(index);
  }
  throw new Error(`no section ${name}`);
}

/** A type as C writes it: "__u64", "char[16]", "struct filetop_key". */
function typeName(types: BtfReader, id: number): string {
  if (id === 0) return "void";
  const type = types.type(id);
  if (type.kind === Kind.array) {
    const array = types.array(id);
    return `${typeName(types, array.type)}[${array.length}]`;
  }
  if (type.kind === Kind.pointer) return `${typeName(types, type.sizeOrType)} *`;
  if (type.kind === Kind.const || type.kind === Kind.volatile) return typeName(types, type.sizeOrType);
  const prefix = new Map<number, string>([[Kind.struct, "struct "], [Kind.union, "union "], [
    Kind.enum,
    "enum ",
  ]]);
  return (prefix.get(type.kind) ?? "") + (type.name || "(anonymous)");
}

/** filetop_key → FiletopKey */
function constantName(struct: string): string {
  return struct.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function layout(types: BtfReader, struct: BtfType): string {
  const members = types.members(struct.id);
  const offsets = members.map(({ name, type, bitOffset }) =>
    `    ${name}: ${bitOffset / 8}, // ${typeName(types, type)}\n`
  );
  const lengths = members.flatMap(({ name, type }) =>
    types.type(type).kind === Kind.array ? [`    ${name}: ${types.array(type).length},\n`] : []
  );
  return `/** struct ${struct.name} */\n` +
    `export const ${constantName(struct.name)} = {\n` +
    `  /** Bytes. */\n  size: ${struct.sizeOrType},\n` +
    `  /** Of each member, in bytes. */\n  offset: {\n${offsets.join("")}  },\n` +
    `  /** Elements of the members that are arrays. */\n  length: {${
      lengths.length > 0 ? `\n${lengths.join("")}  ` : ""
    }},\n` +
    `} as const;\n`;
}

/** The text of a tool's layout.gen.ts; null when its object shares no struct. */
export function generate(tool: string, object: Uint8Array<ArrayBuffer>): string | null {
  const types = new BtfReader(elfSection(object, ".BTF"));
  const structs: BtfType[] = [];
  for (let id = 1; id <= types.count; id++) {
    const type = types.type(id);
    if (type.kind === Kind.struct && type.name.startsWith(`${tool}_`)) structs.push(type);
  }
  if (structs.length === 0) return null;
  structs.sort((a, b) => a.name < b.name ? -1 : 1);
  const head = `// Made by scripts/gen-layouts from bpf/${tool}/${tool}.h; do not edit.\n`;
  return [head, ...structs.map((struct) => layout(types, struct))].join("\n");
}

const layoutPath = (tool: string): URL => new URL(`${tool}/layout.gen.ts`, TOOLS);

function readIfPresent(path: URL): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Writes or checks all layouts. @returns the exit status */
function main(check: boolean): number {
  let drifted = 0;
  const made = new Set<string>();
  for (const { name } of Deno.readDirSync(OBJECTS)) {
    if (!name.endsWith(".bpf.o")) continue;
    const tool = name.slice(0, -".bpf.o".length);
    const text = generate(tool, Deno.readFileSync(new URL(name, OBJECTS)));
    if (text === null) continue;
    made.add(tool);
    const path = layoutPath(tool);
    if (readIfPresent(path) === text) continue;
    if (!check) Deno.writeTextFileSync(path, text);
    drifted++;
    console.error(
      `src/tools/${tool}/layout.gen.ts ${check ? "does not match" : "written from"} bpf/${tool}/${tool}.h`,
    );
  }
  for (const { name: tool, isDirectory } of Deno.readDirSync(TOOLS)) {
    if (!isDirectory || made.has(tool) || readIfPresent(layoutPath(tool)) === null) continue;
    if (!check) Deno.removeSync(layoutPath(tool));
    drifted++;
    console.error(
      `src/tools/${tool}/layout.gen.ts ${
        check ? "belongs to no object" : "removed: no object has its structs"
      }`,
    );
  }
  if (check && drifted > 0) console.error("Run scripts/gen-layouts and look at what user space decodes.");
  return check && drifted > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(main(Deno.args.includes("--check")));
