/**
 * Values as bytes, a few each: what the past is kept in. Written and read by this program only, in one process.
 *
 * @module
 */
import type { Value } from "../../model/mod.ts";

/** The two low bits of a value's first number. */
const INTEGER = 0;
const TEXT = 1;
const TIME = 2;
const OTHER = 3;
/** What the bits above say for {@linkcode OTHER}. */
const NULL = 0;
const ABSENT = 1;
const FLOAT = 2;

/** Integers from here on are kept as floats: with two bits more they would not be exact. */
const MAX_INTEGER = 2 ** 50;
/** Texts of at least this many bytes are not kept whole. */
const MAX_TEXT = 4096;

/** Texts remembered after reading. */
const MAX_DECODED = 16;

const isAscii = (byte: number): boolean => byte < 0x80;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes that grow at their end and never change before it. */
export class Packed {
  #bytes = new Uint8Array(1024);
  #used = 0;
  /** Where each text stands, so that it is kept once; gone when nothing is added any more. */
  #texts: Map<string, number> | null = new Map();
  /** Texts read lately: the labels of histograms are the same in each tick. */
  readonly #decoded = new Map<number, string>();

  /** Bytes that hold something. */
  get used(): number {
    return this.#used;
  }

  /** Bytes in memory. */
  get size(): number {
    return this.#bytes.length;
  }

  /** Nothing is added after this: spare bytes and the index of texts are given back. */
  close(): void {
    this.#bytes = this.#bytes.slice(0, this.#used);
    this.#texts = null;
  }

  /** Adds the bytes of another at the end. */
  append(bytes: Uint8Array): number {
    const at = this.#used;
    this.#room(bytes.length);
    this.#bytes.set(bytes, at);
    this.#used += bytes.length;
    return at;
  }

  /** Where a text stands; added when it is new. */
  text(text: string): number {
    const known = this.#texts?.get(text);
    if (known !== undefined) return known;
    const bytes = encoder.encode(text.length < MAX_TEXT ? text : text.slice(0, MAX_TEXT));
    const length = new PackedWriter();
    length.number(bytes.length);
    const at = this.append(length.bytes());
    this.append(bytes);
    this.#texts?.set(text, at);
    return at;
  }

  /** The text that {@linkcode Packed.text} put at this place. */
  textAt(at: number): string {
    const known = this.#decoded.get(at);
    if (known !== undefined) return known;
    const reader = new PackedReader(this, at);
    const length = reader.number();
    const bytes = this.#bytes.subarray(reader.at, reader.at + length);
    // Names are short and nearly all ASCII; the decoder takes ten times as long for them.
    const text = bytes.every(isAscii) && length < 256 ? String.fromCharCode(...bytes) : decoder.decode(bytes);
    if (this.#decoded.size >= MAX_DECODED) this.#decoded.clear();
    this.#decoded.set(at, text);
    return text;
  }

  byte(at: number): number {
    return this.#bytes[at] as number;
  }

  float(at: number): number {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getFloat64(at, true);
  }

  #room(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#used + more));
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
  }
}

/** Writes numbers and values, to be appended to {@linkcode Packed} when they are complete. */
export class PackedWriter {
  #bytes = new Uint8Array(256);
  #used = 0;

  get used(): number {
    return this.#used;
  }

  /** What was written; good until the next write. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }

  clear(): void {
    this.#used = 0;
  }

  /** An integer from 0 to 2^53, seven bits a byte, the lowest first. Other numbers, as a recording may hold, become one. */
  number(value: number): void {
    this.#room(8);
    let rest = Math.floor(Math.max(0, Math.min(value, Number.MAX_SAFE_INTEGER))) || 0;
    while (rest >= 0x80) {
      this.#bytes[this.#used++] = rest % 0x80 | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#used++] = rest;
  }

  /** Any number. */
  float(value: number): void {
    this.#room(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#used, value, true);
    this.#used += 8;
  }

  /** A cell; its text goes to `texts`. */
  value(value: Value | undefined, texts: Packed): void {
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

  #room(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * this.#bytes.length + more);
    grown.set(this.bytes());
    this.#bytes = grown;
  }
}

/** Milliseconds of a time as `Date.toISOString` writes it; null for every other text. */
function timeOf(text: string): number | null {
  if (text.length !== 24 || text[23] !== "Z" || text[10] !== "T") return null;
  const time = Date.parse(text);
  return time >= 0 && time < MAX_INTEGER && new Date(time).toISOString() === text ? time : null;
}

/** Reads what {@linkcode PackedWriter} wrote, in the same order. */
export class PackedReader {
  at: number;
  readonly #packed: Packed;

  constructor(packed: Packed, at: number) {
    this.#packed = packed;
    this.at = at;
  }

  number(): number {
    let value = 0;
    let scale = 1;
    while (true) {
      const byte = this.#packed.byte(this.at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  float(): number {
    this.at += 8;
    return this.#packed.float(this.at - 8);
  }

  /** A cell; undefined where the row had none. */
  value(texts: Packed): Value | undefined {
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
