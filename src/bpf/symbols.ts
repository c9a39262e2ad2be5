/**
 * The kernel's functions in /proc/kallsyms: by name for kprobes, by address for stacks and counters, and which of them
 * ftrace can trace. Compilers append a suffix to specialised copies of a function, and some names exist more than once.
 *
 * @module
 */
import { isExhausted } from "../errors.ts";
import type { KernelFunction } from "../ffi/mod.ts";

const KALLSYMS = "/proc/kallsyms";

/** A handler that replaces an absent or unreadable file by `value`, and throws if descriptors or memory are exhausted. */
function orUnlessExhausted<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (isExhausted(error)) throw error;
    return value;
  };
}

/** The symbol of a function. */
export interface KernelSymbol {
  /** The name to attach to: the exact one, else the one with `.constprop.N` or `.isra.N`; null when there is none. */
  readonly symbol: string | null;
  /** The address of the symbol; 0 if it is hidden. */
  readonly address: bigint;
  /** How many functions have this name. Above 1, a kprobe fails with EADDRNOTAVAIL (Linux 6.6). */
  readonly copies: number;
}

/** Counts functions of the wanted names in pieces of /proc/kallsyms. */
export class SymbolScan {
  readonly #wanted: readonly string[];
  readonly #pattern: RegExp;
  /** Number of functions and the address of one of them, by full name. */
  readonly #seen = new Map<string, { copies: number; address: bigint }>();
  #rest = "";

  /** @param names C identifiers */
  constructor(names: readonly string[]) {
    this.#wanted = names;
    this.#pattern = new RegExp(
      `^([0-9a-f]+) [tTwW] ((?:${names.join("|")})(?:\\.(?:constprop|isra)\\.\\d+)*)[\\t\\n]`,
      "gm",
    );
  }

  /** Scans the next piece of the file; pieces may end inside a line. */
  add(piece: string): void {
    const text = this.#rest + piece;
    const end = text.lastIndexOf("\n") + 1;
    for (const match of text.slice(0, end).matchAll(this.#pattern)) {
      const copies = this.#seen.get(match[2]!)?.copies ?? 0;
      this.#seen.set(match[2]!, { copies: copies + 1, address: BigInt(`0x${match[1]}`) });
    }
    this.#rest = text.slice(end);
  }

  /** The symbols, by wanted name. */
  result(): Map<string, KernelSymbol> {
    return new Map(this.#wanted.map((name) => {
      const symbol = this.#seen.has(name)
        ? name
        : [...this.#seen.keys()].filter((full) => full.startsWith(`${name}.`)).sort().at(0) ?? null;
      const seen = symbol === null ? undefined : this.#seen.get(symbol);
      return [name, { symbol, copies: seen?.copies ?? 0, address: seen?.address ?? 0n }];
    }));
  }
}

/** Symbols that were looked up before, by wanted name. */
const known = new Map<string, KernelSymbol>();

/**
 * Looks up functions in /proc/kallsyms: one pass for all names that are not cached.
 *
 * @throws {Deno.errors.NotFound} the kernel was built without CONFIG_KALLSYMS
 */
export async function kernelSymbols(names: readonly string[]): Promise<ReadonlyMap<string, KernelSymbol>> {
  const missing = names.filter((name) => !known.has(name));
  if (missing.length > 0) {
    const scan = new SymbolScan(missing);
    const file = await Deno.open(KALLSYMS);
    for await (const piece of file.readable.pipeThrough(new TextDecoderStream("latin1"))) scan.add(piece);
    for (const [name, symbol] of scan.result()) known.set(name, symbol);
  }
  return known;
}

const NEWLINE = 10;
const SPACE = 32;
/** Types of text symbols: t, T, w, W. */
const TEXT = new Set([..."tTwW"].map((type) => type.charCodeAt(0)));
/** The low bits of an address, which a number holds exactly. On x86-64 and arm64 the high bits of all functions are equal. */
const ADDRESS_MASK = (1n << 52n) - 1n;
/** Longer than any function, in bytes: addresses further behind the last one are BPF programs and trampolines. */
const LONGEST_FUNCTION = 65_536;
/** Lines parsed before the event loop runs again: about 5 ms. */
const LINES_PER_SLICE = 16_384;

/** The value of a hexadecimal digit's character code. */
const digit = (code: number): number => code < 58 ? code - 48 : code - 87;

/** Finds functions by addresses inside them. Names are decoded from the bytes of /proc/kallsyms on use. */
export class SymbolTable {
  readonly #bytes: Uint8Array;
  /** Sorted addresses, and the offset of each one's line. */
  readonly #addresses: Float64Array;
  readonly #lines: Uint32Array;

  private constructor(bytes: Uint8Array, found: readonly { address: number; line: number }[]) {
    const sorted = found.toSorted((a, b) => a.address - b.address);
    this.#bytes = bytes;
    this.#addresses = Float64Array.from(sorted, ({ address }) => address);
    this.#lines = Uint32Array.from(sorted, ({ line }) => line);
  }

  /** Parses the text of /proc/kallsyms ("ffffffff81000100 T vfs_read"), and yields to the event loop in between. */
  static async parse(bytes: Uint8Array): Promise<SymbolTable> {
    const found: { address: number; line: number }[] = [];
    for (let line = 0, count = 0; line < bytes.length; count++) {
      if (count % LINES_PER_SLICE === LINES_PER_SLICE - 1) {
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      let at = line;
      let address = 0;
      // The first three of sixteen digits are equal for all functions.
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
   * The functions of this kernel; with `prefix` only those whose names start with it, which is much quicker. Empty if
   * the kernel was built without CONFIG_KALLSYMS.
   */
  static async read(prefix?: string): Promise<SymbolTable> {
    const bytes = await Deno.readFile(KALLSYMS).catch(orUnlessExhausted(new Uint8Array()));
    if (prefix === undefined) return await SymbolTable.parse(bytes);
    const lines = parseFunctions(new TextDecoder("latin1").decode(bytes), prefix).map(({ name, address }) =>
      `${address.toString(16).padStart(16, "0")} t ${name}\n`
    );
    return await SymbolTable.parse(new TextEncoder().encode(lines.join("")));
  }

  /** The function that contains `address`: the last one that starts at or before it; null when that is too far away. */
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

/** A function of every kernel with the VFS, which all supported ones have. */
const ANY_FUNCTION = "vfs_read";

/** Whether /proc/kallsyms shows this process 0 for every address (kptr_restrict, perf_event_paranoid; CAP_SYSLOG). */
export async function hidesAddresses(): Promise<boolean> {
  try {
    return (await kernelSymbols([ANY_FUNCTION])).get(ANY_FUNCTION)!.address === 0n;
  } catch (error) {
    if (isExhausted(error)) throw error;
    return false;
  }
}

/** The list of functions that ftrace can trace, if tracefs is mounted. */
export const TRACEABLE = [
  "/sys/kernel/tracing/available_filter_functions",
  "/sys/kernel/debug/tracing/available_filter_functions",
] as const;

/** Functions in the text of /proc/kallsyms whose names start with `prefix`, without suffixed copies. */
export function parseFunctions(text: string, prefix: string): KernelFunction[] {
  const line = new RegExp(`^([0-9a-f]+) [tTwW] (${prefix}\\w*)(?=[\\t\\n])`, "gm");
  return [...text.matchAll(line)].map((match) => ({ name: match[2]!, address: BigInt(`0x${match[1]}`) }));
}

/** The text of the first file that can be read; null when none can. */
async function readAny(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const text = await Deno.readTextFile(path).catch(orUnlessExhausted(null));
    if (text !== null) return text;
  }
  return null;
}

/**
 * The functions whose names start with `prefix` and that ftrace can trace; all of them if tracefs is unreadable.
 * Suffixed copies (`name.part.0`) are left out.
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
