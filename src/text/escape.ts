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
const INVISIBLE =
  /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/u;

/** Only printable ASCII, without the backslash. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function escapeCodePoint(char: string): string {
  const code = char.codePointAt(0) as number;
  const short = SHORT[code];
  if (short !== undefined) return short;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  if (code < 0x7f) return char;
  const hidden = code < 0xa0 || INVISIBLE.test(char);
  if (!hidden) return char;
  return code > 0xffff ? `\\u{${hex(code, 5)}}` : `\\u${hex(code, 4)}`;
}

/**
 * Escapes text: C0 controls and DEL become `\n`, `\x1b`, …; C1 controls, bidi overrides, zero-width and other invisible
 * characters become `\u0085`, `\u202e`; a backslash is doubled, so that no name can imitate an escaped one. Compute widths
 * from the result.
 */
export function escapeText(text: string): string {
  if (PLAIN.test(text)) return text;
  let out = "";
  for (const char of text) out += escapeCodePoint(char);
  return out;
}

/** Only printable ASCII. */
const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * Escapes text that should be escaped already, such as a recording's: like {@linkcode escapeText}, but backslashes are not
 * doubled, so that escaped text does not change.
 */
export function escapeUnescaped(text: string): string {
  if (PRINTABLE.test(text)) return text;
  let out = "";
  for (const char of text) out += char === "\\" ? char : escapeCodePoint(char);
  return out;
}

/** Length of the well-formed UTF-8 sequence at `at`; 0: none (RFC 3629). */
function sequenceLength(bytes: Uint8Array, at: number): number {
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
  if (length === 0 || at + length > bytes.length) return 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] as number;
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const surrogate = lead === 0xed && second > 0x9f;
  const beyond = lead === 0xf4 && second > 0x8f;
  return overlong || surrogate || beyond ? 0 : length;
}

/**
 * Escapes a NUL-terminated string of the kernel like {@linkcode escapeText}; bytes that are not UTF-8 become `\xff`.
 *
 * @param bytes The field as the kernel filled it; bytes after the first NUL are ignored.
 */
export function escapeBytes(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  const end = nul < 0 ? bytes.length : nul;
  let plain = "";
  for (let i = 0; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return escapeSequences(bytes.subarray(0, end));
    plain += String.fromCharCode(byte);
  }
  return plain;
}

function escapeSequences(bytes: Uint8Array): string {
  let out = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      out += `\\x${hex(bytes[at] as number, 2)}`;
      at++;
    } else {
      out += escapeText(decoder.decode(bytes.subarray(at, at + length)));
      at += length;
    }
  }
  return out;
}
