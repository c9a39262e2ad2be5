/**
 * Reading the structs that BPF programs hand over, at the offsets of the generated layouts.
 *
 * @module
 */
import { escapeBytes } from "../../text/mod.ts";

const TWO_32 = 2 ** 32;

/** A u64 that counts one interval, as a number: exact below 2^53. */
export function readCount(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
}

/** A NUL-terminated text field, escaped. */
export function readText(view: DataView, at: number, length: number): string {
  // Nearly all names are plain ASCII, and a flood of events has two names each: no array is made for those.
  let plain = "";
  for (let i = 0; i < length; i++) {
    const byte = view.getUint8(at + i);
    if (byte === 0) return plain;
    if (byte < 0x20 || byte > 0x7e || byte === 0x5c) {
      return escapeBytes(new Uint8Array(view.buffer, view.byteOffset + at, length));
    }
    plain += String.fromCharCode(byte);
  }
  return plain;
}

/** NUL-terminated texts that follow each other, escaped. `length`: bytes they take together. */
export function readTexts(view: DataView, at: number, length: number): string[] {
  const texts: string[] = [];
  const end = at + length;
  for (let from = at; from < end;) {
    let nul = from;
    while (nul < end && view.getUint8(nul) !== 0) nul++;
    texts.push(readText(view, from, nul - from));
    from = nul + 1;
  }
  return texts;
}

/**
 * Sums u64 members over the CPUs of a per-CPU value.
 *
 * @param values One value per possible CPU, `stride` bytes each.
 * @param offsets Byte offsets of the members within a value.
 * @returns The sums, in the order of `offsets`.
 */
export function sumPerCpu(values: Uint8Array, stride: number, offsets: readonly number[]): bigint[] {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  const sums = offsets.map(() => 0n);
  for (let base = 0; base + stride <= values.byteLength; base += stride) {
    offsets.forEach((offset, i) => sums[i]! += view.getBigUint64(base + offset, true));
  }
  return sums;
}

/** What a counter grew by between two samples. */
export function growth(now: bigint, before: bigint): number {
  return Number(now - before);
}

/** The key of the only entry of an array map. */
export const ONLY_KEY: Uint8Array<ArrayBuffer> = new Uint8Array(4);
