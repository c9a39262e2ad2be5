/**
 * C++ and Rust names in readable form, by a library compiled to WebAssembly, which cannot reach memory outside its own.
 *
 * @module
 */

/** What the module exports (wasm-bindgen 0.2.100): text is passed as an address and a length in bytes. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  __wbindgen_malloc(size: number, align: number): number;
  __wbindgen_free(address: number, size: number, align: number): void;
  demangle_any(address: number, length: number): [number, number];
}

const LIBRARY = "gecko-profiler-demangle/index_bg.wasm";

/** Names of C++ (Itanium ABI) and Rust: other names are left as they are. */
const MANGLED = /^_?_[ZR][\w.$@]+$/;
const MAX_LENGTH = 2048;
/**
 * Memory of the module, pages of 64 KiB. A name of 235 characters can have a readable form of 277 MB, because a part can repeat an
 * earlier one twice: at 4 MB the module fails, after 50 ms.
 */
const MAX_PAGES = 64;

let compiled: WebAssembly.Module | undefined;
let instance: Exports | null = null;

/** The library's bytes: in a bundle beside the worker's module (scripts/lib/bundle.sh), from source in Deno's cache. */
function readLibrary(): Uint8Array<ArrayBuffer> {
  const isBundle = !import.meta.url.endsWith(".ts");
  return Deno.readFileSync(
    isBundle ? new URL("./demangle.bin", import.meta.url) : new URL(import.meta.resolve(LIBRARY)),
  );
}

/** Part of a module, after its header: id, length in bytes (LEB128), contents. */
const MEMORY_SECTION = 5;

/** The module with a limit on its only memory: the section `01 00 MIN` becomes `01 01 MIN MAX`. */
function withMemoryLimit(module: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  for (let at = 8; at < module.length;) {
    const id = module[at++];
    let length = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = module[at++]!;
      length |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    if (id === MEMORY_SECTION) {
      const [count, limited, pages] = module.subarray(at, at + length);
      if (length !== 3 || count !== 1 || limited !== 0) break;
      const section = [MEMORY_SECTION, 4, 1, 1, pages!, MAX_PAGES];
      return Uint8Array.from([...module.subarray(0, at - 2), ...section, ...module.subarray(at + length)]);
    }
    at += length;
  }
  throw new Error("the demangler has an unknown memory section");
}

function start(): Exports {
  compiled ??= new WebAssembly.Module(withMemoryLimit(readLibrary()));
  // Prepares a table of JavaScript values, which passing text does not use.
  const imports = { "./index_bg.js": { __wbindgen_init_externref_table: () => {} } };
  return new WebAssembly.Instance(compiled, imports).exports as unknown as Exports;
}

function call({ memory, __wbindgen_malloc, __wbindgen_free, demangle_any }: Exports, name: string): string {
  const bytes = new TextEncoder().encode(name);
  const address = __wbindgen_malloc(bytes.length, 1);
  new Uint8Array(memory.buffer, address >>> 0, bytes.length).set(bytes);
  const [result, length] = demangle_any(address, bytes.length); // frees the argument
  const text = new TextDecoder().decode(new Uint8Array(memory.buffer, result >>> 0, length >>> 0));
  __wbindgen_free(result, length, 1);
  // Of some names that it cannot read, the library strips the first underscore.
  return text === name.slice(1) ? name : text;
}

/** The readable form of a mangled name; any other name unchanged. */
export function demangle(name: string): string {
  if (name.length > MAX_LENGTH || !MANGLED.test(name)) return name;
  try {
    return call(instance ??= start(), name);
  } catch (error) {
    // The name needs more memory, or a deeper stack.
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
    instance = null;
    return name;
  }
}
