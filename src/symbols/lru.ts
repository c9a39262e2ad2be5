/**
 * A cache bounded by the sum of its values' sizes.
 *
 * @module
 */

/** Values by key; the one that was not used for longest is dropped first. */
export class LruCache<Key, Value> {
  readonly #entries = new Map<Key, { readonly value: Value; readonly size: number }>();
  readonly #limit: number;
  readonly #sizeOf: (value: Value) => number;
  #size = 0;

  /** @param limit of the sum of what `sizeOf` returns; one value is kept even if it is larger */
  constructor(limit: number, sizeOf: (value: Value) => number) {
    this.#limit = limit;
    this.#sizeOf = sizeOf;
  }

  /** The value, which becomes the most recently used one. */
  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Adds a value, or one whose size has changed, as the most recently used one. */
  set(key: Key, value: Value): void {
    this.#delete(key);
    const size = this.#sizeOf(value);
    this.#entries.set(key, { value, size });
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#limit || this.#entries.size === 1) break;
      this.#delete(oldest);
    }
  }

  #delete(key: Key): void {
    this.#size -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }
}
