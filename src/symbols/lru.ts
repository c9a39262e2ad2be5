/**
 * A cache bounded by the sum of its values' sizes.
 *
 * @module
 */

/** Values by key; the one that was not used for longest is dropped first. */
export class LruCache<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #limit: number;
  readonly #sizeOf: (value: Value) => number;

  /** @param limit of the sum of what `sizeOf` returns; one value is kept even if it is larger */
  constructor(limit: number, sizeOf: (value: Value) => number) {
    this.#limit = limit;
    this.#sizeOf = sizeOf;
  }

  /** The value, which becomes the most recently used one. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  /** Adds a value, or one whose size has changed, as the most recently used one. */
  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    let size = 0;
    for (const one of this.#entries.values()) size += this.#sizeOf(one);
    for (const [oldest, one] of this.#entries) {
      if (size <= this.#limit || this.#entries.size === 1) break;
      this.#entries.delete(oldest);
      size -= this.#sizeOf(one);
    }
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }
}
