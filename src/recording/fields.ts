/**
 * Reads untrusted JSON: checks size and shape before parsing, and each field before it is used.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import { escapeUnescaped } from "../text/mod.ts";

/** Depth of a line: line, histograms, histogram, slots; one more for later versions. */
const MAX_DEPTH = 5;
/** Maximum objects and arrays in a line: parsed, each takes far more memory than its two brackets. */
const MAX_CONTAINERS = 250_000;
/** Maximum commas outside strings in a line, which bound the number of values. */
const MAX_COMMAS = 2_500_000;
/** Maximum length of a string field, UTF-16 code units: a 4,095-byte path with every byte escaped as \xNN. */
const MAX_TEXT = 16_384;

/** Largest number in a field: above the u64 range, and small enough that sums stay finite. */
export const MAX_NUMBER = 1e20;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What is wrong with a recording. */
export type RecordingProblem = "notARecording" | "empty" | "newerVersion" | "damaged";

/** Not a recording, a damaged one, or one made by a newer ktop. */
export class RecordingError extends KtopError {
  override name = "RecordingError";
  readonly kind: RecordingProblem;

  constructor(
    message: string,
    options: ErrorOptions & { readonly remedy?: string; readonly kind?: RecordingProblem } = {},
  ) {
    super(message, options);
    this.kind = options.kind ?? "damaged";
  }
}

/** An object as JSON.parse returned it. */
export type Json = Readonly<Record<string, unknown>>;

/** Throws if the line would take much more memory than its length. Ignores brackets within strings. */
function checkShape(bytes: Uint8Array): void {
  let depth = 0;
  let containers = 0;
  let commas = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x2c) commas++;
    else if (byte === 0x7b || byte === 0x5b) {
      containers++;
      if (++depth > MAX_DEPTH) throw new RecordingError("is nested too deeply");
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  if (containers > MAX_CONTAINERS || commas > MAX_COMMAS) throw new RecordingError("holds too many values");
}

const decoder = new TextDecoder();

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parses a line that holds one object. Throws RecordingError; its message continues "after 3 ticks a line …". */
export function parseObject(bytes: Uint8Array): Json {
  checkShape(bytes);
  const value = parseJson(decoder.decode(bytes));
  if (!isObject(value)) throw new RecordingError("is not a JSON object");
  return value;
}

/**
 * An element of an array as an object.
 *
 * @param key Key of the array, for the message of the RecordingError.
 */
export function objectElement(value: unknown, key: string): Json {
  if (!isObject(value)) throw new RecordingError(`has an element of "${key}" that is not an object`);
  return value;
}

/** An own property; undefined for inherited ones. */
export function field(from: Json, key: string): unknown {
  return Object.hasOwn(from, key) ? from[key] : undefined;
}

/** A field that holds an object; empty if it is missing. Throws RecordingError for any other value. */
export function objectField(from: Json, key: string): Json {
  const value = field(from, key) ?? {};
  if (!isObject(value)) throw new RecordingError(`has a field "${key}" that is not an object`);
  return value;
}

/** A field that holds an array of at most `max` elements; empty if it is missing. Throws RecordingError otherwise. */
export function arrayField(from: Json, key: string, max: number): readonly unknown[] {
  const value = field(from, key) ?? [];
  if (!Array.isArray(value)) throw new RecordingError(`has a field "${key}" that is not an array`);
  if (value.length > max) throw new RecordingError(`has a field "${key}" with more than ${max} elements`);
  return value;
}

/** The field as an escaped string of at most `max` UTF-16 code units; empty if it is not a string. */
export function text(value: unknown, max = MAX_TEXT): string {
  return typeof value === "string" ? escapeUnescaped(value.slice(0, max)) : "";
}

/** The field as a number within bounds, else `fallback`. */
export function number<T>(value: unknown, bounds: { min: number; max: number; fallback: T }): number | T {
  const { min, max, fallback } = bounds;
  return typeof value === "number" && value >= min && value <= max ? value : fallback;
}

/** The field as a non-negative number, else 0. */
export function nonNegativeNumber(value: unknown): number {
  return number(value, { min: 0, max: MAX_NUMBER, fallback: 0 });
}

/** The field as a non-negative safe integer, else 0. */
export function nonNegativeInteger(value: unknown): number {
  return Number.isSafeInteger(value) ? nonNegativeNumber(value) : 0;
}

/** An ISO 8601 string as milliseconds since the epoch. Throws RecordingError for anything else. */
export function parseTimestamp(value: unknown): number {
  const ms = typeof value === "string" && value.length <= 40 ? Date.parse(value) : NaN;
  if (!Number.isFinite(ms)) throw new RecordingError("has no valid time");
  return ms;
}
