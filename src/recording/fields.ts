/**
 * Reading JSON from a stranger: its size and shape are checked before it is parsed, each field before it is used.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import { escapeAgain } from "../text/mod.ts";

/** Recording lines are this deep: line, histograms, histogram, slots. One more for what may come. */
const MAX_DEPTH = 5;
/** Most objects and arrays of a line: each costs far more memory than its two characters. */
const MAX_CONTAINERS = 250_000;
/** Most values of a line. */
const MAX_VALUES = 2_500_000;
/** Longest text of a field, UTF-16 units: a path of 4,095 bytes, each escaped. */
const MAX_TEXT = 16_384;

/** Largest number of a field: above all that 64 bits hold, and sums of many stay finite. */
export const MAX_NUMBER = 1e20;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A recording that cannot be read: not one, damaged, or made by a newer ktop. */
export class RecordingError extends KtopError {
  override name = "RecordingError";
}

/** A field as JSON.parse gave it. */
export type Json = Readonly<Record<string, unknown>>;

/** Fails for a line that would take much more memory than its length. Brackets within text do not count. */
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
  if (containers > MAX_CONTAINERS || values > MAX_VALUES) throw new RecordingError("holds too much");
}

const decoder = new TextDecoder();

/** Parses a line that is to hold one object. Throws RecordingError; its message continues "line 7 …". */
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
    throw new RecordingError("has something else where an object belongs");
  }
  return value as Json;
}

/** A field of its own; what an object inherits is none. */
export function field(from: Json, key: string): unknown {
  return Object.hasOwn(from, key) ? from[key] : undefined;
}

/** The field as a list of at most `most`; what is missing is an empty one. */
export function list(value: unknown, most: number): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > most) {
    throw new RecordingError("has something else where a list belongs, or too long a list");
  }
  return value;
}

/** The field as text that is safe to show; what is none is empty. */
export function text(value: unknown, most = MAX_TEXT): string {
  return typeof value === "string" ? escapeAgain(value.slice(0, most)) : "";
}

/** The field as a number within bounds; what is none, or outside, is `otherwise`. */
export function number<T>(value: unknown, bounds: { min: number; max: number; otherwise: T }): number | T {
  const { min, max, otherwise } = bounds;
  return typeof value === "number" && value >= min && value <= max ? value : otherwise;
}

/** The field as a number that is not negative; what is none is 0. */
export function amount(value: unknown): number {
  return number(value, { min: 0, max: MAX_NUMBER, otherwise: 0 });
}

/** The field as a whole number that is exact; what is none is 0. */
export function count(value: unknown): number {
  return Number.isSafeInteger(value) ? amount(value) : 0;
}

/** The field as a time (ISO 8601), milliseconds since the epoch. Throws RecordingError where it is none. */
export function time(value: unknown): number {
  const ms = typeof value === "string" && value.length <= 40 ? Date.parse(value) : NaN;
  if (!Number.isFinite(ms)) throw new RecordingError("has no valid time");
  return ms;
}
