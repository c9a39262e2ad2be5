/**
 * The kernel's functions by address, from /proc/kallsyms; and which of them can be traced.
 *
 * @module
 */

import type { KernelFunction } from "../ffi/mod.ts";

const KALLSYMS = "/proc/kallsyms";
/** What ftrace can trace, where tracefs is mounted. */
const TRACEABLE = [
  "/sys/kernel/tracing/available_filter_functions",
  "/sys/kernel/debug/tracing/available_filter_functions",
] as const;

const NEWLINE = 10;
const SPACE = 32;
/** Types of text symbols: t, T, w, W. */
const TEXT = new Set([..."tTwW"].map((type) => type.charCodeAt(0)));
/** Bits of an address that a number holds exactly and that tell functions apart: x86-64 and arm64 have the rest in common. */
const ADDRESS_MASK = (1n << 52n) - 1n;
/** Bytes that no function takes: what is further behind the last one (a BPF program, a trampoline) has no name. */
const LONGEST_FUNCTION = 65_536;
/** Lines between pauses, in which others get their turn: about 5 ms. */
const LINES_AT_ONCE = 16_384;

/** The value of a hexadecimal digit's character code. */
const digit = (code: number): number => code < 58 ? code - 48 : code - 87;

/** Finds functions by addresses inside them. Names stay bytes of /proc/kallsyms until they are asked for. */
export class SymbolTable {
  readonly #bytes: Uint8Array;
  /** Addresses in order, and where each one's line begins. */
  readonly #addresses: Float64Array;
  readonly #lines: Uint32Array;

  private constructor(bytes: Uint8Array, found: readonly { address: number; line: number }[]) {
    const sorted = found.toSorted((a, b) => a.address - b.address);
    this.#bytes = bytes;
    this.#addresses = Float64Array.from(sorted, ({ address }) => address);
    this.#lines = Uint32Array.from(sorted, ({ line }) => line);
  }

  /** Makes a table of the text of /proc/kallsyms: "ffffffff81000100 T vfs_read". Lets others run meanwhile. */
  static async parse(bytes: Uint8Array): Promise<SymbolTable> {
    const found: { address: number; line: number }[] = [];
    for (let line = 0, count = 0; line < bytes.length; count++) {
      if (count % LINES_AT_ONCE === LINES_AT_ONCE - 1) await new Promise((resolve) => setTimeout(resolve, 0));
      let at = line;
      let address = 0;
      // The first three of sixteen digits are the same for all.
      for (; at < bytes.length && bytes[at] !== SPACE; at++) {
        if (at - line >= 3) address = address * 16 + digit(bytes[at]!);
      }
      if (address > 0 && TEXT.has(bytes[at + 1]!)) found.push({ address, line });
      const end = bytes.indexOf(NEWLINE, at);
      line = end < 0 ? bytes.length : end + 1;
    }
    return new SymbolTable(bytes, found);
  }

  /**
   * The functions of this kernel; with `prefix` only those whose names begin so, which is much quicker. Empty where the kernel
   * was built without CONFIG_KALLSYMS.
   */
  static async read(prefix?: string): Promise<SymbolTable> {
    const bytes = await Deno.readFile(KALLSYMS).catch(() => new Uint8Array());
    if (prefix === undefined) return await SymbolTable.parse(bytes);
    const lines = parseFunctions(new TextDecoder("latin1").decode(bytes), prefix).map(({ name, address }) =>
      `${address.toString(16).padStart(16, "0")} t ${name}\n`
    );
    return await SymbolTable.parse(new TextEncoder().encode(lines.join("")));
  }

  /** The last function that begins at `address` or before; null when there is none, or it is too far away to reach there. */
  find(address: bigint): KernelFunction | null {
    const wanted = Number(address & ADDRESS_MASK);
    let low = 0;
    let high = this.#addresses.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#addresses[middle]! <= wanted) low = middle + 1;
      else high = middle;
    }
    if (low === 0 || wanted - this.#addresses[low - 1]! >= LONGEST_FUNCTION) return null;
    return this.#function(this.#lines[low - 1]!);
  }

  #function(line: number): KernelFunction {
    const end = this.#bytes.indexOf(NEWLINE, line);
    const text = new TextDecoder("latin1").decode(this.#bytes.subarray(line, end < 0 ? undefined : end));
    const [address, , name] = text.split(/[ \t]/);
    return { name: name!, address: BigInt(`0x${address}`) };
  }
}

/** Functions in the text of /proc/kallsyms whose names begin with `prefix`, without the copies that compilers make. */
export function parseFunctions(text: string, prefix: string): KernelFunction[] {
  const line = new RegExp(`^([0-9a-f]+) [tTwW] (${prefix}\\w*)(?=[\\t\\n])`, "gm");
  return [...text.matchAll(line)].map((match) => ({ name: match[2]!, address: BigInt(`0x${match[1]}`) }));
}

/** The text of the first of these files that can be read. */
async function readAny(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const text = await Deno.readTextFile(path).catch(() => null);
    if (text !== null) return text;
  }
  return null;
}

/**
 * Functions whose names begin with `prefix` and that can be traced, as far as tracefs tells. Copies that compilers make
 * (`name.part.0`) are left out.
 *
 * @throws {Deno.errors.NotFound} the kernel was built without CONFIG_KALLSYMS
 */
export async function traceableFunctions(prefix: string): Promise<KernelFunction[]> {
  const functions = parseFunctions(await Deno.readTextFile(KALLSYMS), prefix);
  const list = await readAny(TRACEABLE);
  if (list === null) return functions;
  const traceable = new Set(list.match(new RegExp(`^${prefix}\\w*(?=[ \\n])`, "gm")));
  return functions.filter(({ name }) => traceable.has(name));
}
