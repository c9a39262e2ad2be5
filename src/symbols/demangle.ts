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
/** Longer names would take the library long to print. */
const MAX_LENGTH = 2048;
/** The memory of a module never shrinks: above this many bytes it is started again. */
const MAX_MEMORY = 16 * 1024 * 1024;

let compiled: WebAssembly.Module | undefined;
let instance: Exports | null = null;

/** The library's bytes: in a bundle beside the worker's module (scripts/lib/bundle.sh), from source in Deno's cache. */
function readLibrary(): Uint8Array<ArrayBuffer> {
  const isBundle = !import.meta.url.endsWith(".ts");
  return Deno.readFileSync(
    isBundle ? new URL("./demangle.bin", import.meta.url) : new URL(import.meta.resolve(LIBRARY)),
  );
}

function start(): Exports {
  compiled ??= new WebAssembly.Module(readLibrary());
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
  return text;
}

/** The readable form of a mangled name; any other name unchanged. */
export function demangle(name: string): string {
  if (name.length > MAX_LENGTH || !MANGLED.test(name)) return name;
  try {
    return call(instance ??= start(), name);
  } catch (error) {
    // A name that is nested too deeply overflows the module's stack.
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
    instance = null;
    return name;
  } finally {
    if (instance !== null && instance.memory.buffer.byteLength > MAX_MEMORY) instance = null;
  }
}
