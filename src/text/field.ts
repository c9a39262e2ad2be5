/**
 * Decodes the text members of kernel structs. Floods repeat their texts, so short ones are decoded once and shared.
 *
 * @module
 */
import { escapeBytes } from "./escape.ts";

/** Texts in the cache: a power of two. */
const CACHED = 4096;
/** Longest text in the cache, bytes. */
const MAX_CACHED = 64;

/** By hash of the bytes; a new text replaces the one with the same hash. */
const cache = new Array<string>(CACHED).fill("");

const decoder = new TextDecoder();

function equals(text: string, view: DataView, at: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== view.getUint8(at + i)) return false;
  return true;
}

/** A NUL-terminated text field of at most `length` bytes, escaped as by {@linkcode escapeBytes}. */
export function escapeField(view: DataView, at: number, length: number): string {
  let hash = 0;
  let end = 0;
  for (; end < length; end++) {
    const byte = view.getUint8(at + end);
    if (byte === 0) break;
    if (byte < 0x20 || byte > 0x7e || byte === 0x5c) {
      return escapeBytes(new Uint8Array(view.buffer, view.byteOffset + at, length));
    }
    hash = Math.imul(hash ^ byte, 0x0100_0193); // the prime of FNV-1a
  }
  const slot = (hash ^ hash >>> 15) & (CACHED - 1);
  const known = cache[slot] as string;
  if (known.length === end && equals(known, view, at)) return known;
  const text = decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at, end));
  if (end <= MAX_CACHED) cache[slot] = text;
  return text;
}
