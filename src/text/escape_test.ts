import assert from "node:assert/strict";
import { escapeBytes, escapeText, escapeUnescaped } from "./escape.ts";

const bytes = (...parts: (string | number)[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]),
  );

Deno.test("escapeText() returns the same string when every character is printable", () => {
  assert.equal(escapeText("postgres: writer 日本 é 🙂"), "postgres: writer 日本 é 🙂");
});

Deno.test("escapeText() escapes a title sequence, a newline and DEL", () => {
  assert.equal(escapeText("\x1b]0;owned\x07\n\t\r\x7f\0"), "\\x1b]0;owned\\a\\n\\t\\r\\x7f\\x00");
});

Deno.test("escapeText() escapes C1 controls, bidi overrides and invisible characters", () => {
  assert.equal(
    escapeText("\u009b31m\u202ecod\u2066\u200b\ufeff\u{e0041}"),
    "\\u009b31m\\u202ecod\\u2066\\u200b\\ufeff\\u{e0041}",
  );
  assert.equal(escapeText("\u2028\u2029\ud800"), "\\u2028\\u2029\\ud800");
});

Deno.test("escapeText() doubles a backslash, so that no name can imitate an escape", () => {
  assert.notEqual(escapeText("\\x1b"), escapeText("\x1b"));
  assert.equal(escapeText("\\x1b"), "\\\\x1b");
});

Deno.test("escapeUnescaped() keeps escaped text, and escapes what is still dangerous", () => {
  const escaped = escapeText("a\\b \x1b[31m\u202e 日本");
  assert.equal(escapeUnescaped(escaped), escaped);
  assert.equal(
    escapeUnescaped("\x1b[31m \\n \u009b\u202e\ud800\n"),
    "\\x1b[31m \\n \\u009b\\u202e\\ud800\\n",
  );
});

Deno.test("escapeBytes() stops at the first NUL", () => {
  assert.equal(escapeBytes(bytes("bash", 0, "left over")), "bash");
  assert.equal(escapeBytes(new Uint8Array(16)), "");
});

Deno.test("escapeBytes() escapes each byte that is not UTF-8: lone, overlong, surrogate, beyond U+10FFFF, truncated", () => {
  assert.equal(escapeBytes(bytes("a", 0xff, "b")), "a\\xffb");
  assert.equal(escapeBytes(bytes(0x85)), "\\x85");
  assert.equal(escapeBytes(bytes(0xc0, 0xaf)), "\\xc0\\xaf");
  assert.equal(escapeBytes(bytes(0xed, 0xa0, 0x80)), "\\xed\\xa0\\x80");
  assert.equal(escapeBytes(bytes(0xf4, 0x90, 0x80, 0x80)), "\\xf4\\x90\\x80\\x80");
  assert.equal(escapeBytes(bytes("x", 0xe2, 0x82)), "x\\xe2\\x82");
});

Deno.test("escapeBytes() keeps valid UTF-8 and escapes its invisible characters", () => {
  assert.equal(escapeBytes(bytes("é€🙂")), "é€🙂");
  assert.equal(escapeBytes(bytes("\u0085\u202e")), "\\u0085\\u202e");
});

Deno.test("escapeBytes() never returns a terminal control, whatever the bytes", () => {
  let state = 0x2545f491;
  for (let round = 0; round < 2000; round++) {
    const sample = new Uint8Array(24).map(() =>
      (state = Math.imul(state, 1103515245) + 12345 >>> 0) >>> 16 & 0xff
    );
    // deno-lint-ignore no-control-regex -- the controls are what must not appear
    assert.doesNotMatch(escapeBytes(sample), /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
  }
});

Deno.test("every escape keeps four combining marks on a character, and escapes the rest", () => {
  const stack = `a${"\u0301".repeat(7)}b`;
  const escaped = `a${"\u0301".repeat(4)}${"\\u0301".repeat(3)}b`;
  assert.equal(escapeText(stack), escaped);
  assert.equal(escapeUnescaped(stack), escaped);
  assert.equal(escapeUnescaped(escaped), escaped);
  assert.equal(escapeBytes(bytes(stack)), escaped);
  assert.equal(escapeText("कि\u0301 é̂"), "कि\u0301 é̂");
});
