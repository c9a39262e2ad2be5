/**
 * Reads untrusted JSON: checks size and shape before parsing, and each field before it is used.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import { escapeAgain } from "../text/mod.ts";

/** Depth of a line: line, histograms, histogram, slots; one more for later versions. */
const MAX_DEPTH = 5;
/** Most objects and arrays of a line: each takes far more memory than its two characters. */
const MAX_CONTAINERS = 250_000;
/** Most values of a line. */
const MAX_VALUES = 2_500_000;
/** Longest text of a field, UTF-16 units: a path of 4,095 bytes, all of them escaped. */
const MAX_TEXT = 16_384;

/** Largest number of a field: more than 64 bits hold, and small enough that sums stay finite. */
export const MAX_NUMBER = 1e20;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Not a recording, a damaged one, or one made by a newer ktop. */
export class RecordingError extends KtopError {
  override name = "RecordingError";
}

/** An object as JSON.parse returned it. */
export type Json = Readonly<Record<string, unknown>>;

/** Throws for a line that would take much more memory than its length. Ignores brackets within strings. */
function checkShape(bytes: Uint8Array): void {
  let depth = 0;
  let containers = 0;
  let values = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === 0x2c) values++;
    else if (byte === 0x7b || byte === 0x5b) {
      containers++;
      if (++depth > MAX_DEPTH) throw new RecordingError("is nested too deeply");
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  if (containers > MAX_CONTAINERS || values > MAX_VALUES) throw new RecordingError("holds too many values");
}

const decoder = new TextDecoder();

/** Parses a line that holds one object. Throws RecordingError; its message continues "line 7 …". */
export function parseObject(bytes: Uint8Array): Json {
  checkShape(bytes);
  try {
    return object(JSON.parse(decoder.decode(bytes)));
  } catch {
    throw new RecordingError("is not a JSON object");
  }
}

/** The field as an object. */
export function object(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RecordingError("has another value where an object is expected");
  }
  return value as Json;
}

/** An own property; undefined for inherited ones. */
export function field(from: Json, key: string): unknown {
  return Object.hasOwn(from, key) ? from[key] : undefined;
}

/** The field as a list of at most `most` values; empty where it is missing. */
export function list(value: unknown, most: number): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > most) {
    throw new RecordingError("has another value where a list is expected, or too long a list");
  }
  return value;
}

/** The field as text that is safe to show; empty for other types. */
export function text(value: unknown, most = MAX_TEXT): string {
  return typeof value === "string" ? escapeAgain(value.slice(0, most)) : "";
}

/** The field as a number within bounds, else `otherwise`. */
export function number<T>(value: unknown, bounds: { min: number; max: number; otherwise: T }): number | T {
  const { min, max, otherwise } = bounds;
  return typeof value === "number" && value >= min && value <= max ? value : otherwise;
}

/** The field as a number that is not negative, else 0. */
export function amount(value: unknown): number {
  return number(value, { min: 0, max: MAX_NUMBER, otherwise: 0 });
}

/** The field as a safe integer that is not negative, else 0. */
export function count(value: unknown): number {
  return Number.isSafeInteger(value) ? amount(value) : 0;
}

/** The field as a time (ISO 8601), milliseconds since the epoch. Throws RecordingError where it is not one. */
export function time(value: unknown): number {
  const ms = typeof value === "string" && value.length <= 40 ? Date.parse(value) : NaN;
  if (!Number.isFinite(ms)) throw new RecordingError("has no valid time");
  return ms;
}
