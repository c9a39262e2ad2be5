/**
 * Names of kernel functions as kprobes need them: compilers give specialised copies a suffix, and some names exist
 * more than once.
 *
 * @module
 */

/** What /proc/kallsyms has for a function. */
export interface KernelSymbol {
  /** The name to attach to: the exact one, else the one with `.constprop.N` or `.isra.N`; null when there is none. */
  readonly symbol: string | null;
  /** How many functions have this name. Above 1, a kprobe fails with EADDRNOTAVAIL (Linux 6.6). */
  readonly copies: number;
}

/** Counts functions of the wanted names in pieces of /proc/kallsyms. */
export class SymbolScan {
  readonly #wanted: readonly string[];
  readonly #pattern: RegExp;
  /** How often each full name was seen. */
  readonly #seen = new Map<string, number>();
  #rest = "";

  /** @param names C identifiers */
  constructor(names: readonly string[]) {
    this.#wanted = names;
    this.#pattern = new RegExp(
      ` [tTwW] ((?:${names.join("|")})(?:\\.(?:constprop|isra)\\.\\d+)*)[\\t\\n]`,
      "g",
    );
  }

  /** Takes the next piece of the file; lines may be cut anywhere. */
  add(piece: string): void {
    const text = this.#rest + piece;
    const end = text.lastIndexOf("\n") + 1;
    for (const match of text.slice(0, end).matchAll(this.#pattern)) {
      this.#seen.set(match[1]!, (this.#seen.get(match[1]!) ?? 0) + 1);
    }
    this.#rest = text.slice(end);
  }

  /** What was found, by wanted name. */
  result(): Map<string, KernelSymbol> {
    return new Map(this.#wanted.map((name) => {
      const symbol = this.#seen.has(name)
        ? name
        : [...this.#seen.keys()].filter((full) => full.startsWith(`${name}.`)).sort().at(0) ?? null;
      return [name, { symbol, copies: symbol === null ? 0 : this.#seen.get(symbol)! }];
    }));
  }
}

const KALLSYMS = "/proc/kallsyms";
/** Answers of this run, by wanted name. */
const known = new Map<string, KernelSymbol>();

/**
 * Looks up function names in /proc/kallsyms: one pass for all names that were not asked for before.
 *
 * @throws {Deno.errors.NotFound} the kernel was built without CONFIG_KALLSYMS
 */
export async function kernelSymbols(names: readonly string[]): Promise<ReadonlyMap<string, KernelSymbol>> {
  const fresh = names.filter((name) => !known.has(name));
  if (fresh.length > 0) {
    const scan = new SymbolScan(fresh);
    const file = await Deno.open(KALLSYMS);
    for await (const piece of file.readable.pipeThrough(new TextDecoderStream("latin1"))) scan.add(piece);
    for (const [name, symbol] of scan.result()) known.set(name, symbol);
  }
  return known;
}
