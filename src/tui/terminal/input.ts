/**
 * Parses keyboard bytes into events. A pure state machine: sequences may arrive in any pieces, and an unknown sequence is
 * discarded whole instead of being typed.
 *
 * @module
 */
import { CONTROL, FINAL, KEYPAD, TILDE } from "./key_names.ts";

/** A key, by name: `a`, `é`, `Up`, `F1`, `Ctrl-C`, `Shift-Tab`; `text` when it writes a character. */
export interface KeyEvent {
  readonly kind: "key";
  readonly key: string;
  readonly text?: string;
}

/** A mouse report (SGR, DECSET 1006), cells from 0. */
export interface MouseEvent {
  readonly kind: "mouse";
  readonly button: "left" | "middle" | "right" | "wheel-up" | "wheel-down" | "other";
  readonly pressed: boolean;
  readonly x: number;
  readonly y: number;
}

/** Pasted text, or more characters in one read than a user types. */
export interface PasteEvent {
  readonly kind: "paste";
  /** At most {@linkcode MAX_PASTE} characters, with controls. */
  readonly text: string;
  /** The terminal marked it as pasted (DECSET 2004). */
  readonly bracketed: boolean;
}

/** A key, a mouse report or a paste. */
export type InputEvent = KeyEvent | MouseEvent | PasteEvent;

/** Events, and the bytes that need more to become one. */
export interface Parsed {
  readonly events: readonly InputEvent[];
  readonly pending: Uint8Array<ArrayBuffer>;
}

const ESC = 0x1b;
const CTRL_C = 0x03;

/** Around text that is pasted (DECSET 2004): ESC [ 200 ~ and ESC [ 201 ~. */
const PASTE_BEGIN = [ESC, 0x5b, 0x32, 0x30, 0x30, 0x7e] as const;
const PASTE_END = [ESC, 0x5b, 0x32, 0x30, 0x31, 0x7e] as const;

/** Second bytes of OSC, DCS, SOS, PM and APC: strings that end in BEL or ESC \. */
const STRINGS: ReadonlySet<number> = new Set([0x5d, 0x50, 0x58, 0x5e, 0x5f]);

/** Longest pending sequence; a longer one is dropped, a longer paste is cut. */
const MAX_SEQUENCE = 4096;
/** Longest paste, characters: longer than every prompt. */
const MAX_PASTE = 1024;

const BUTTONS = ["left", "middle", "right", "other"] as const;

/** Result of parsing at one offset: bytes used, and the event if they make one. null: more bytes are needed. */
type Step = { readonly used: number; readonly event?: InputEvent } | null;

const key = (name: string, text?: string): KeyEvent =>
  text === undefined ? { kind: "key", key: name } : { kind: "key", key: name, text };

function control(byte: number): KeyEvent {
  return key(CONTROL[byte] ?? `Ctrl-${String.fromCharCode(byte + 0x40)}`);
}

/** xterm's modifier parameter: 1 plus Shift 1, Alt 2, Ctrl 4. */
function modified(name: string, modifier: number): string {
  const bits = Math.max(0, modifier - 1);
  return `${bits & 4 ? "Ctrl-" : ""}${bits & 2 ? "Alt-" : ""}${bits & 1 ? "Shift-" : ""}${name}`;
}

function mouse(parameters: string, final: string): InputEvent | undefined {
  const [code, x, y] = parameters.slice(1).split(";").map(Number);
  if (code === undefined || !(x && y)) return undefined;
  const wheel = (code & 64) !== 0;
  const button = wheel
    ? (["wheel-up", "wheel-down", "other", "other"] as const)[code & 3]
    : (code & 32) !== 0
    ? "other"
    : BUTTONS[code & 3];
  return { kind: "mouse", button: button ?? "other", pressed: final === "M", x: x - 1, y: y - 1 };
}

function csiEvent(body: string, final: string): InputEvent | undefined {
  if (body.startsWith("<")) return final === "M" || final === "m" ? mouse(body, final) : undefined;
  if (!/^[\d;]*\^?$/.test(body)) return undefined;
  const [first = 0, modifier = 1] = body.split(";").map(Number);
  const name = final === "~" || final === "^" || final === "$" || final === "@" ? TILDE[first] : FINAL[final];
  if (name === undefined) return undefined;
  if (final === "^") return key(`Ctrl-${name}`);
  if (final === "$") return key(`Shift-${name}`);
  return key(modified(name, modifier));
}

/**
 * Where the text of a paste that starts at `at` ends, and the index after its end mark. A Ctrl-C ends it while there is no
 * end mark; null while there is neither.
 */
function pasteEnd(bytes: Uint8Array, at: number): { end: number; next: number } | null {
  for (let i = at; i < bytes.length; i++) {
    if (startsWith(bytes.subarray(i), PASTE_END)) return { end: i, next: i + PASTE_END.length };
  }
  const interrupt = bytes.indexOf(CTRL_C, at);
  return interrupt < 0 ? null : { end: interrupt, next: interrupt };
}

const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

function paste(bytes: Uint8Array): PasteEvent {
  return { kind: "paste", text: [...lenient.decode(bytes)].slice(0, MAX_PASTE).join(""), bracketed: true };
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

/** `ESC [` parameters (0x30–0x3f), intermediates (0x20–0x2f), final (0x40–0x7e): ECMA-48 5.4. */
function readCsi(bytes: Uint8Array, at: number): Step {
  if (bytes[at + 2] === 0x5b) { // the linux console's F1 to F5: ESC [ [ A
    const fifth = bytes[at + 3];
    if (fifth === undefined) return null;
    const name = fifth >= 0x41 && fifth <= 0x45 ? key(`F${fifth - 0x40}`) : undefined;
    return name ? { used: 4, event: name } : { used: 4 };
  }
  let end = at + 2;
  while (end < bytes.length && isInside(bytes[end] as number) && !isRxvtShift(bytes, at + 2, end)) end++;
  if (end >= bytes.length) return null;
  const final = bytes[end] as number;
  const body = String.fromCharCode(...bytes.subarray(at + 2, end));
  if (final < 0x20) return { used: end - at };
  if (final > 0x7e) return { used: end + 1 - at };
  if (final === 0x4d && body === "") return bytes.length < at + 6 ? null : { used: 6 }; // X10 mouse: three bytes follow
  if (final === 0x7e && body === "200") {
    const found = pasteEnd(bytes, end + 1);
    return found && { used: found.next - at, event: paste(bytes.subarray(end + 1, found.end)) };
  }
  const event = csiEvent(body, String.fromCharCode(final));
  return event ? { used: end + 1 - at, event } : { used: end + 1 - at };
}

const isInside = (byte: number): boolean => byte >= 0x20 && byte <= 0x3f;

/** rxvt ends Shift with a cursor key in "$", which by the standard is an intermediate: ESC [ 7 $. */
function isRxvtShift(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[end] !== 0x24 || end === start) return false;
  return bytes.subarray(start, end).every((byte) => byte >= 0x30 && byte <= 0x39);
}

function readSs3(bytes: Uint8Array, at: number): Step {
  let end = at + 2;
  while (end < bytes.length && ((bytes[end] as number) & 0xf0) === 0x30 && end < at + 6) end++;
  const final = bytes[end];
  if (final === undefined) return null;
  if (final < 0x20) return { used: end - at };
  const letter = String.fromCharCode(final);
  const pad = KEYPAD[letter];
  const digit = final >= 0x70 && final <= 0x79 ? String(final - 0x70) : undefined;
  const text = pad && pad.length === 1 ? pad : digit;
  const modifier = Number(String.fromCharCode(...bytes.subarray(at + 2, end)).split(";").at(-1)) || 1;
  const name = pad ?? digit ?? FINAL[letter];
  return name ? { used: end + 1 - at, event: key(modified(name, modifier), text) } : { used: end + 1 - at };
}

/** OSC, DCS, SOS, PM, APC: until BEL or ESC \. */
function readString(bytes: Uint8Array, at: number): Step {
  for (let i = at + 2; i < bytes.length; i++) {
    if (bytes[i] === 0x07) return { used: i + 1 - at };
    if (bytes[i] === ESC && bytes[i + 1] === 0x5c) return { used: i + 2 - at };
  }
  return null;
}

function readEscape(bytes: Uint8Array, at: number): Step {
  const next = bytes[at + 1];
  if (next === undefined) return null;
  if (next === 0x5b) return readCsi(bytes, at);
  if (next === 0x4f) return readSs3(bytes, at);
  if (STRINGS.has(next)) return readString(bytes, at);
  return { used: 1, event: key("Esc") };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readText(bytes: Uint8Array, at: number): Step {
  const lead = bytes[at] as number;
  const length = lead < 0x80 ? 1 : lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length === 0 || lead >= 0xf5) return { used: 1 };
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return null;
    if ((byte & 0xc0) !== 0x80) return { used: i };
  }
  try {
    const text = utf8.decode(bytes.subarray(at, at + length));
    return /^[\x80-\x9f]$/.test(text) ? { used: length } : { used: length, event: key(text, text) };
  } catch {
    return { used: length };
  }
}

function step(bytes: Uint8Array, at: number): Step {
  const byte = bytes[at] as number;
  if (byte === ESC) return readEscape(bytes, at);
  if (byte < 0x20 || byte === 0x7f) return { used: 1, event: control(byte) };
  return readText(bytes, at);
}

/**
 * Parses the pending bytes and the new ones.
 *
 * @param pending What the previous call returned.
 */
export function parseInput(pending: Uint8Array, bytes: Uint8Array): Parsed {
  const all = new Uint8Array(pending.length + bytes.length);
  all.set(pending);
  all.set(bytes, pending.length);
  const events: InputEvent[] = [];
  let at = 0;
  while (at < all.length) {
    const result = step(all, at);
    if (result === null) break;
    if (result.event) events.push(result.event);
    at += result.used;
  }
  return { events, pending: bounded(all.slice(at)) };
}

/** The part of the pending bytes that must be kept: of a long paste, its start and a possible start of its end mark. */
function bounded(rest: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (rest.length <= MAX_SEQUENCE) return rest;
  if (!startsWith(rest, PASTE_BEGIN)) return new Uint8Array();
  return Uint8Array.from([...rest.subarray(0, MAX_SEQUENCE / 2), ...rest.subarray(1 - PASTE_END.length)]);
}

/**
 * Interprets pending bytes when nothing followed them in time: an ESC alone is the Esc key, and what looked like the start
 * of a string was Alt with a letter. A control sequence stays pending, so that its end is never typed.
 */
export function flushInput(pending: Uint8Array<ArrayBuffer>): Parsed {
  if (pending.length === 1 && pending[0] === ESC) return { events: [key("Esc")], pending: new Uint8Array() };
  if (pending[0] === ESC && STRINGS.has(pending[1] as number)) {
    return { events: [], pending: new Uint8Array() };
  }
  return { events: [], pending };
}
