/**
 * Memory of rows, estimated.
 *
 * @module
 */
import type { Row } from "./tick.ts";

/** Header of an object, and its reference in a list. */
const OBJECT_BYTES = 32;
/** A property: a small integer, or a reference. */
const VALUE_BYTES = 8;
/** What the reference of another number points to. */
const NUMBER_BYTES = 16;
/** Header of a string and rounding. */
const TEXT_BYTES = 24;
/** A text that is not shared counts this often: what is printed of it is garbage until V8 collects it. */
const COPIES = 2;
/** Longest text of which equal ones are one: `escapeField` of src/text decodes longer ones each time. */
const MAX_SHARED = 64;

/**
 * Memory of a row in V8's heap, bytes: an upper estimate.
 *
 * @param before The row before: short texts that are equal to its are shared, and not counted again.
 */
export function rowBytes(row: Row, before: Row | undefined): number {
  let bytes = OBJECT_BYTES;
  for (const key in row) {
    const value = row[key];
    bytes += VALUE_BYTES;
    if (typeof value === "number") {
      if ((value | 0) !== value) bytes += NUMBER_BYTES;
    } else if (typeof value === "string") {
      if (value.length > MAX_SHARED) bytes += TEXT_BYTES + COPIES * value.length;
      else if (value !== before?.[key]) bytes += TEXT_BYTES + value.length;
    }
  }
  return bytes;
}

/** How many of the first rows take at most `maxBytes`. */
export function fittingRows(rows: readonly Row[], maxBytes: number): number {
  let bytes = 0;
  for (let count = 0; count < rows.length; count++) {
    bytes += rowBytes(rows[count]!, rows[count - 1]);
    if (bytes > maxBytes) return count;
  }
  return rows.length;
}

/** Memory of rows, bytes; see {@linkcode rowBytes}. */
export function rowsBytes(rows: readonly Row[]): number {
  let bytes = 0;
  for (let i = 0; i < rows.length; i++) bytes += rowBytes(rows[i]!, rows[i - 1]);
  return bytes;
}
