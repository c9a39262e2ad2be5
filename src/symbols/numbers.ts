/**
 * A list of numbers of 8 bytes each, outside V8's heap.
 *
 * @module
 */

/** Numbers in the order in which they were added. */
export class Numbers {
  #values = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes of memory. */
  get bytes(): number {
    return this.#values.byteLength;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** The number at an index below `length`. */
  at(index: number): number {
    return this.#values[index]!;
  }

  /** Replaces the number at an index below `length`. */
  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** Removes the first `count` numbers. */
  dropFirst(count: number): void {
    this.#values.copyWithin(0, count, this.#length);
    this.#length -= count;
  }
}

/**
 * How many of `count` numbers in ascending order are at most `wanted`: a binary search.
 *
 * @param at the number at an index
 */
export function countUpTo(wanted: number, count: number, at: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(middle) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The indices below `count`, sorted. */
export function sortedIndices(count: number, compare: (a: number, b: number) => number): Uint32Array {
  const indices = new Uint32Array(count);
  for (let index = 0; index < count; index++) indices[index] = index;
  return indices.sort(compare);
}
