/**
 * Compact encoding of cells. It never leaves the process, so it has no version.
 *
 * @module
 */
import type { Value } from "../../model/mod.ts";

/** Type of a cell: the two low bits of its first number. */
const INTEGER = 0;
const TEXT = 1;
const TIME = 2;
const OTHER = 3;
/** The remaining bits of an {@linkcode OTHER}. */
const NULL = 0;
const ABSENT = 1;
const FLOAT = 2;

/** Larger integers are encoded as floats: with the two type bits they would exceed 2^53. */
const MAX_INTEGER = 2 ** 50;
/** Longer texts are cut, UTF-16 units. */
const MAX_TEXT = 4096;
/** Decoded texts in the cache. */
const MAX_CACHED = 16;

const isAscii = (byte: number): boolean => byte < 0x80;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes that grow at the end and never change before it. */
export class AppendBuffer {
  #bytes = new Uint8Array(1024);
  #used = 0;
  /** Offset of each text, so that equal texts are stored once; null after close(). */
  #offsets: Map<string, number> | null = new Map();
  /** Recently decoded texts: every tick repeats the labels of its histograms. */
  readonly #cache = new Map<number, string>();

  /** Bytes in use. */
  get used(): number {
    return this.#used;
  }

  /** Bytes allocated. */
  get size(): number {
    return this.#bytes.length;
  }

  /** Frees spare bytes and the index of texts. Nothing may be added afterwards. */
  close(): void {
    this.#bytes = this.#bytes.slice(0, this.#used);
    this.#offsets = null;
  }

  /** Appends a copy of the bytes. Returns their offset. */
  append(bytes: Uint8Array): number {
    const at = this.#used;
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
    this.#used += bytes.length;
    return at;
  }

  /** Offset of a text, which is added if it is new. */
  text(text: string): number {
    const known = this.#offsets?.get(text);
    if (known !== undefined) return known;
    const bytes = encoder.encode(text.length < MAX_TEXT ? text : text.slice(0, MAX_TEXT));
    const length = new Encoder();
    length.number(bytes.length);
    const at = this.append(length.bytes());
    this.append(bytes);
    this.#offsets?.set(text, at);
    return at;
  }

  /** The text that {@linkcode AppendBuffer.text} stored at this offset. */
  textAt(at: number): string {
    const known = this.#cache.get(at);
    if (known !== undefined) return known;
    const reader = new Decoder(this, at);
    const length = reader.number();
    const bytes = this.#bytes.subarray(reader.at, reader.at + length);
    // Most names are short ASCII, for which TextDecoder takes ten times as long.
    const text = bytes.every(isAscii) && length < 256 ? String.fromCharCode(...bytes) : decoder.decode(bytes);
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(at, text);
    return text;
  }

  byte(at: number): number {
    return this.#bytes[at] as number;
  }

  float(at: number): number {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getFloat64(at, true);
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#used + more));
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
  }
}

/** Encodes numbers and cells into bytes for an {@linkcode AppendBuffer}. */
export class Encoder {
  #bytes = new Uint8Array(256);
  #used = 0;

  get used(): number {
    return this.#used;
  }

  /** What was encoded since clear(). Valid until the next call. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }

  clear(): void {
    this.#used = 0;
  }

  /**
   * An integer from 0 to 2^53 − 1, seven bits a byte, lowest first. Other numbers, which a recording may hold, become the
   * nearest such integer; NaN becomes 0.
   */
  number(value: number): void {
    this.#reserve(8);
    let rest = Math.floor(Math.max(0, Math.min(value, Number.MAX_SAFE_INTEGER))) || 0;
    while (rest >= 0x80) {
      this.#bytes[this.#used++] = rest % 0x80 | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#used++] = rest;
  }

  /** Any number, exactly. */
  float(value: number): void {
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#used, value, true);
    this.#used += 8;
  }

  /** A cell; its text is stored in `texts`. */
  value(value: Value | undefined, texts: AppendBuffer): void {
    if (typeof value === "number") {
      if (Number.isInteger(value) && value >= 0 && value < MAX_INTEGER && !Object.is(value, -0)) {
        return this.number(value * 4 + INTEGER);
      }
      this.number(FLOAT * 4 + OTHER);
      return this.float(value);
    }
    if (typeof value !== "string") {
      return this.number((value === null ? NULL : ABSENT) * 4 + OTHER);
    }
    const time = timeOf(value);
    if (time !== null) this.number(time * 4 + TIME);
    else this.number(texts.text(value) * 4 + TEXT);
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * this.#bytes.length + more);
    grown.set(this.bytes());
    this.#bytes = grown;
  }
}

/** Milliseconds of a text that `Date.toISOString` wrote; null for every other text. */
function timeOf(text: string): number | null {
  if (text.length !== 24 || text[23] !== "Z" || text[10] !== "T") return null;
  const time = Date.parse(text);
  return time >= 0 && time < MAX_INTEGER && new Date(time).toISOString() === text ? time : null;
}

/** Decodes what an {@linkcode Encoder} wrote, in the same order. */
export class Decoder {
  /** Offset of the next byte. */
  at: number;
  readonly #buffer: AppendBuffer;

  constructor(buffer: AppendBuffer, at: number) {
    this.#buffer = buffer;
    this.at = at;
  }

  number(): number {
    let value = 0;
    let scale = 1;
    while (true) {
      const byte = this.#buffer.byte(this.at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  float(): number {
    this.at += 8;
    return this.#buffer.float(this.at - 8);
  }

  /** Passes a cell. */
  skip(): void {
    if (this.number() === FLOAT * 4 + OTHER) this.at += 8;
  }

  /**
   * Passes a cell. Whether it has this value; null is also the value of a row that has none.
   *
   * @param known Offsets of texts that were compared before.
   */
  passes(value: Value, texts: AppendBuffer, known: Map<number, boolean>): boolean {
    const start = this.at;
    const head = this.number();
    if (head % 4 === TEXT) {
      const at = Math.floor(head / 4);
      let same = known.get(at);
      if (same === undefined) known.set(at, same = texts.textAt(at) === value);
      return same;
    }
    if (head % 4 === INTEGER) return Math.floor(head / 4) === value;
    this.at = start;
    return (this.value(texts) ?? null) === value;
  }

  /** A cell; undefined if the row had none. */
  value(texts: AppendBuffer): Value | undefined {
    const head = this.number();
    const rest = Math.floor(head / 4);
    switch (head % 4) {
      case INTEGER:
        return rest;
      case TEXT:
        return texts.textAt(rest);
      case TIME:
        return new Date(rest).toISOString();
      default:
        return rest === NULL ? null : rest === ABSENT ? undefined : this.float();
    }
  }
}
