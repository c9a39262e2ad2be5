/**
 * Generates the readers of the structs that BPF programs share with user space, from the types of the compiled objects:
 * src/tools/<tool>/layout.gen.ts for the structs of build/bpf/<tool>.bpf.o whose names start with the tool's, and
 * src/tools/lib/layout.gen.ts for those of bpf/lib, which several tools read.
 *
 *     deno run --allow-read --allow-write scripts/lib/layouts.ts [--check]
 *
 * With --check nothing is written, and the status is 1 if a file differs from its object.
 *
 * @module
 */
import { BtfReader, type BtfType, Kind } from "../../src/bpf/mod.ts";
import { type Layout, type Member, type MemberType, Struct } from "../../src/tools/lib/struct.ts";

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

/** @throws {Error} a type that no reader can return: a pointer, a union, a float */
function memberType(types: BtfReader, id: number): MemberType {
  const type = types.unqualified(id);
  if (type.kind === Kind.struct) return "struct";
  if (type.kind === Kind.enum) return "u32";
  if (type.kind !== Kind.int) throw new Error(`no reader for type ${type.name || id} of kind ${type.kind}`);
  if (type.name === "char") return "char";
  return `${types.isSigned(type.id) ? "s" : "u"}${8 * type.sizeOrType}` as MemberType;
}

function member(types: BtfReader, id: number, offset: number): Member {
  const type = types.unqualified(id);
  if (type.kind !== Kind.array) return { offset, type: memberType(types, id) };
  const { type: element, length } = types.array(type.id);
  return { offset, type: memberType(types, element), length };
}

function layoutOf(types: BtfReader, struct: BtfType): Layout {
  const members = types.members(struct.id).map(({ name, type, bitOffset }) => {
    if (name in Struct.prototype || name === "byteLength") {
      throw new Error(`struct ${struct.name}: the base class of the readers already has a member ${name}`);
    }
    return [name, member(types, type, bitOffset / 8)] as const;
  });
  return { size: struct.sizeOrType, members: Object.fromEntries(members) };
}

/** filetop_key → FiletopKey */
function className(struct: string): string {
  return struct.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** The getter of a member. `nested`: name of its struct, if it is one. */
function getter(name: string, { offset, type, length }: Member, nested: string): string {
  if (type === "struct") {
    const reader = className(nested);
    return `  get ${name}(): ${reader} {\n    return this.struct(${reader}, ${offset});\n  }\n`;
  }
  if (type === "char") {
    return `  get ${name}(): string {\n    return this.text(${offset}, ${length ?? 1});\n  }\n`;
  }
  if (length === undefined) {
    return `  get ${name}(): number {\n    return this.${type}(${offset});\n  }\n`;
  }
  const place = `${offset} + ${Number(type.slice(1)) / 8} * i`;
  return `  get ${name}(): number[] {\n` +
    `    return Array.from({ length: ${length} }, (_, i) => this.${type}(${place}));\n  }\n`;
}

/** A layout as source text. */
function literal({ size, members }: Layout): string {
  const lines = Object.entries(members).map(([name, { offset, type, length }]) =>
    `    ${name}: { offset: ${offset}, type: "${type}"${
      length === undefined ? "" : `, length: ${length}`
    } },\n`
  );
  return `{\n  size: ${size},\n  members: {\n${lines.join("")}  },\n} as const`;
}

/** The reader of a struct as source text. */
function reader(types: BtfReader, struct: BtfType): string {
  const layout = layoutOf(types, struct);
  const name = className(struct.name);
  const constant = name.charAt(0).toLowerCase() + name.slice(1);
  const nested = new Map(
    types.members(struct.id).map(({ name, type }) => [name, types.unqualified(type).name]),
  );
  const getters = Object.entries(layout.members).map(([key, member]) =>
    getter(key, member, nested.get(key)!)
  );
  return `const ${constant} = ${literal(layout)};\n\n` +
    `/** struct ${struct.name} */\n` +
    `export class ${name} extends Struct {\n` +
    `  static readonly layout = ${constant};\n\n` +
    `  get layout(): typeof ${constant} {\n    return ${constant};\n  }\n\n${getters.join("\n")}}\n`;
}

/** The text of a tool's layout.gen.ts; null when its object has no struct with the tool's name. */
export function generate(tool: string, object: Uint8Array<ArrayBuffer>): string | null {
  const readers = readersOf(object, `${tool}_`);
  return readers.length === 0 ? null : fileOf(`bpf/${tool}/${tool}.h`, "../lib/struct.ts", readers);
}

function fileOf(headers: string, base: string, readers: readonly string[]): string {
  const head = `// Generated by scripts/gen-layouts from ${headers}; do not edit.\n` +
    `import { Struct } from "${base}";\n`;
  return [head, ...readers].join("\n");
}

/** The readers of the structs whose names start with `prefix`. */
function readersOf(object: Uint8Array<ArrayBuffer>, prefix: string): string[] {
  const types = new BtfReader(elfSection(object, ".BTF"));
  const structs: BtfType[] = [];
  for (let id = 1; id <= types.count; id++) {
    const type = types.type(id);
    if (type.kind === Kind.struct && type.name.startsWith(prefix)) structs.push(type);
  }
  structs.sort((a, b) => a.name < b.name ? -1 : 1);
  return structs.map((struct) => reader(types, struct));
}

/** Structs that several tools read, each from one object that has them. */
const SHARED = [
  { object: "cgroups.bpf.o", prefix: "cgroup_event", header: "bpf/lib/cgroup_event.h" },
  { object: "profile.bpf.o", prefix: "stack_", header: "bpf/lib/stacks.h" },
] as const;

/** The text of every layout.gen.ts, by folder of src/tools. */
function generateAll(): Map<string, string> {
  const files = new Map<string, string>();
  for (const { name } of Deno.readDirSync(OBJECTS)) {
    if (!name.endsWith(".bpf.o")) continue;
    const tool = name.slice(0, -".bpf.o".length);
    const text = generate(tool, Deno.readFileSync(new URL(name, OBJECTS)));
    if (text !== null) files.set(tool, text);
  }
  const shared = SHARED.flatMap(({ object, prefix }) =>
    readersOf(Deno.readFileSync(new URL(object, OBJECTS)), prefix)
  );
  files.set("lib", fileOf(SHARED.map(({ header }) => header).join(" and "), "./struct.ts", shared));
  return files;
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

/** Writes or checks all files. @returns the exit status */
function main(check: boolean): number {
  const files = generateAll();
  let drifted = 0;
  for (const [tool, text] of files) {
    if (readIfPresent(layoutPath(tool)) === text) continue;
    if (!check) {
      Deno.mkdirSync(new URL(".", layoutPath(tool)), { recursive: true }); // a new tool may have no folder yet
      Deno.writeTextFileSync(layoutPath(tool), text);
    }
    drifted++;
    console.error(
      `src/tools/${tool}/layout.gen.ts ${check ? "differs from the compiled object" : "written"}`,
    );
  }
  for (const { name: tool, isDirectory } of Deno.readDirSync(TOOLS)) {
    if (!isDirectory || files.has(tool) || readIfPresent(layoutPath(tool)) === null) continue;
    if (!check) Deno.removeSync(layoutPath(tool));
    drifted++;
    console.error(`src/tools/${tool}/layout.gen.ts ${check ? "belongs to no object" : "removed"}`);
  }
  if (check && drifted > 0) console.error("Run scripts/gen-layouts.");
  return check && drifted > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(main(Deno.args.includes("--check")));
