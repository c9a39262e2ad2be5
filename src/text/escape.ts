/**
 * Every untrusted string (comm, path, device, cgroup, host name) is escaped here. The result is printable on any terminal,
 * and reversible: an escape names each byte that it replaces.
 *
 * @module
 */

/** Escapes with a letter, as in C. */
const SHORT: Readonly<Record<number, string>> = {
  0x07: "\\a",
  0x08: "\\b",
  0x09: "\\t",
  0x0a: "\\n",
  0x0d: "\\r",
  0x5c: "\\\\",
};

/**
 * Code points that are invisible, change the direction of text, or combine with their neighbours: format characters (Cf),
 * line and paragraph separators, noncharacters, lone surrogates, and fillers that look like spaces.
 */
const INVISIBLE_SET = String
  .raw`\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}`;
const INVISIBLE = new RegExp(`[${INVISIBLE_SET}]`, "u");

/** The characters to escape in text that is already escaped: all but the backslash. */
const DANGEROUS = new RegExp(String.raw`[\x00-\x1f\x7f-\x9f${INVISIBLE_SET}]`, "gu");
const ESCAPED = new RegExp(String.raw`[\x00-\x1f\\\x7f-\x9f${INVISIBLE_SET}]`, "gu");

/**
 * Combining marks after the first four on one character: longer stacks cover the lines above and below. The screen has
 * the same bound (width.ts).
 */
const EXCESS_MARKS = /(?<=[\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]/gu;

/** Only printable ASCII, without the backslash. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** The escape of a character that {@linkcode ESCAPED} matches. */
function escapeCharacter(char: string): string {
  const code = char.codePointAt(0) as number;
  const short = SHORT[code];
  if (short !== undefined) return short;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\u{${hex(code, 5)}}` : `\\u${hex(code, 4)}`;
}

/**
 * Escapes text: C0 controls and DEL become `\n`, `\x1b`, …; C1 controls, bidi overrides, zero-width and other invisible
 * characters become `\u0085`, `\u202e`, like the fifth and further combining marks on one character; a backslash is doubled, so that no name can imitate an escaped one. Compute widths
 * from the result.
 */
export function escapeText(text: string): string {
  return PLAIN.test(text)
    ? text
    : text.replace(ESCAPED, escapeCharacter).replace(EXCESS_MARKS, escapeCharacter);
}

/** Only printable ASCII. */
const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * Escapes text that should be escaped already, such as a recording's: like {@linkcode escapeText}, but backslashes are not
 * doubled, so that escaped text does not change.
 */
export function escapeUnescaped(text: string): string {
  return PRINTABLE.test(text)
    ? text
    : text.replace(DANGEROUS, escapeCharacter).replace(EXCESS_MARKS, escapeCharacter);
}

/** Length of the well-formed UTF-8 sequence at `at`, before `end`; 0: none (RFC 3629). */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number;
  const length = lead < 0x80
    ? 1
    : lead >= 0xc2 && lead < 0xe0
    ? 2
    : lead >= 0xe0 && lead < 0xf0
    ? 3
    : lead >= 0xf0 && lead < 0xf5
    ? 4
    : 0;
  if (length === 0 || at + length > end) return 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] as number;
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const surrogate = lead === 0xed && second > 0x9f;
  const beyond = lead === 0xf4 && second > 0x8f;
  return overlong || surrogate || beyond ? 0 : length;
}

/** Escapes of the ASCII bytes that are not printed as they are. */
const ASCII_ESCAPES: readonly (Uint8Array | null)[] = Array.from({ length: 0x80 }, (_, code) => {
  const char = String.fromCharCode(code);
  return PLAIN.test(char) ? null : encoder.encode(escapeCharacter(char));
});

/** The longest escape of a byte: `\xff`. A sequence of several bytes has a shorter one per byte. */
const MAX_ESCAPE = 4;

/** Buffer for escaped text: appending to a string would build a tree with a node per character. */
let scratch = new Uint8Array(4096);

/** The escape of a well-formed sequence of several bytes; null: it is printed as it is. */
function escapedSequence(sequence: Uint8Array): Uint8Array | null {
  const char = decoder.decode(sequence);
  return (char.codePointAt(0) as number) < 0xa0 || INVISIBLE.test(char)
    ? encoder.encode(escapeCharacter(char))
    : null;
}

/**
 * Escapes a NUL-terminated string of the kernel like {@linkcode escapeText}; bytes that are not UTF-8 become `\xff`.
 *
 * @param bytes The field as the kernel filled it; bytes after the first NUL are ignored.
 */
export function escapeBytes(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  const end = nul < 0 ? bytes.length : nul;
  if (scratch.length < end * MAX_ESCAPE) scratch = new Uint8Array(end * MAX_ESCAPE);
  let used = 0;
  let marks = false;
  for (let at = 0; at < end;) {
    const byte = bytes[at] as number;
    const length = byte < 0x80 ? 1 : sequenceLength(bytes, at, end);
    let escape: Uint8Array | null;
    if (byte < 0x80) escape = ASCII_ESCAPES[byte]!;
    else if (length === 0) escape = encoder.encode(`\\x${hex(byte, 2)}`);
    else escape = escapedSequence(bytes.subarray(at, at + length));
    marks ||= length > 1 && escape === null;
    const next = at + Math.max(1, length);
    // A loop, because set() takes ten times as long for four bytes.
    const shown = escape ?? bytes;
    const shownEnd = escape ? escape.length : next;
    for (let i = escape ? 0 : at; i < shownEnd; i++) scratch[used++] = shown[i] as number;
    at = next;
  }
  const text = decoder.decode(scratch.subarray(0, used));
  return marks ? text.replace(EXCESS_MARKS, escapeCharacter) : text;
}
