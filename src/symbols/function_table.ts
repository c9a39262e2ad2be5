/**
 * Functions by address: sorted arrays and a binary search. Names stay in the file.
 *
 * @module
 */
import type { ElfFunction } from "./elf.ts";
import { countUpTo, Numbers, sortedIndices } from "./numbers.ts";

/** Functions kept of one table: 24 MB. */
const MAX_FUNCTIONS = 1024 * 1024;
/** Functions before an address that are searched for one that is long enough to contain it. */
const MAX_NESTED = 16;
const STB_LOCAL = 0;
const STB_WEAK = 2;
/** Ranks from this one have no size. */
const UNSIZED = 8;

/** Which of two symbols with one address names it: those with a size first, then functions, then global, then weak ones. */
function rankOf({ isFunction, size, binding }: ElfFunction): number {
  const scope = binding === STB_LOCAL ? 2 : binding === STB_WEAK ? 1 : 0;
  return (size > 0 ? 0 : UNSIZED) + (isFunction ? 0 : 4) + scope;
}

/** The functions of a file. */
export class FunctionTable {
  readonly #starts = new Numbers();
  readonly #ends = new Numbers();
  readonly #names = new Numbers();

  /** Sorts functions; those with an impossible address or size are left out. */
  constructor(functions: Iterable<ElfFunction>) {
    const [starts, ends, names, ranks] = [new Numbers(), new Numbers(), new Numbers(), new Numbers()];
    for (const one of functions) {
      if (starts.length === MAX_FUNCTIONS) break;
      const end = one.size > 0 ? one.address + one.size : one.sectionEnd;
      if (!Number.isSafeInteger(end) || end <= one.address) continue;
      starts.push(one.address);
      ends.push(end);
      names.push(one.name);
      ranks.push(rankOf(one));
    }
    const order = sortedIndices(
      starts.length,
      (a, b) => starts.at(a) - starts.at(b) || ranks.at(a) - ranks.at(b) || names.at(a) - names.at(b),
    );
    let furthest = 0;
    let lastIsSized = true;
    for (const index of order) {
      const [start, end] = [starts.at(index), ends.at(index)];
      const last = this.#starts.length - 1;
      if (last >= 0 && start === this.#starts.at(last)) continue;
      const isSized = ranks.at(index) < UNSIZED;
      // A label inside a function is not a function.
      if (!isSized && start < furthest) continue;
      // What has no size ends where the next one starts.
      if (!lastIsSized) this.#ends.set(last, Math.min(this.#ends.at(last), start));
      if (isSized) furthest = Math.max(furthest, end);
      lastIsSized = isSized;
      this.#starts.push(start);
      this.#ends.push(end);
      this.#names.push(names.at(index));
    }
  }

  /** Bytes of memory. */
  get bytes(): number {
    return this.#starts.bytes * 3;
  }

  /** The offset in the file of the name of the function that contains an address; null if none does. */
  find(address: number): number | null {
    const count = countUpTo(address, this.#starts.length, (index) => this.#starts.at(index));
    for (let at = count - 1; at >= 0 && at >= count - MAX_NESTED; at--) {
      if (address < this.#ends.at(at)) return this.#names.at(at);
    }
    return null;
  }
}
