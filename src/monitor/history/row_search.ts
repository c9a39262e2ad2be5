/**
 * Finds rows of encoded ticks.
 *
 * @module
 */
import type { Row, Value } from "../../model/mod.ts";
import { Decoder } from "./encoding.ts";
import { type Chunk, decodeRow, type EncodedTick, isIndexed } from "./tick_codec.ts";

/** Finds rows by the values of some columns, and decodes no others. */
export class RowSearch {
  readonly #values: readonly (readonly [key: string, value: Value])[];
  #chunk: Chunk | null = null;
  /** By column of the chunk: the value to find, and texts that were compared; null: any. */
  #matchers: readonly ({ readonly value: Value; readonly compared: Map<number, boolean> } | null)[] = [];

  constructor(values: Row) {
    this.#values = Object.entries(values);
  }

  /** The first row of a tick that has the values; null if none has. */
  find(encoded: EncodedTick): Row | null {
    const { chunk, rowsOffset, count } = encoded;
    if (chunk !== this.#chunk) this.#useChunk(chunk);
    const decoder = new Decoder(chunk.data, rowsOffset);
    for (let i = 0; i < count; i++) {
      if (isIndexed(encoded)) decoder.number();
      const start = decoder.at;
      let same = true;
      for (const matcher of this.#matchers) {
        if (same && matcher) same = decoder.passes(matcher.value, chunk.texts, matcher.compared);
        else decoder.skip();
      }
      if (!same) continue;
      decoder.at = start;
      return decodeRow(decoder, chunk);
    }
    return null;
  }

  #useChunk(chunk: Chunk): void {
    this.#chunk = chunk;
    this.#matchers = chunk.keys.map((key) => {
      const found = this.#values.find(([name]) => name === key);
      return found ? { value: found[1], compared: new Map() } : null;
    });
  }
}
