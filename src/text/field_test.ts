import assert from "node:assert/strict";
import { escapeText } from "./escape.ts";
import { escapeField } from "./field.ts";

const view = (text: string): DataView => new DataView(new TextEncoder().encode(text).buffer);

Deno.test("escapeField() reads its own field only, and escapes it", () => {
  assert.equal(escapeField(view("xxab\x1bcdyy"), 2, 5), "ab\\x1bcd");
  // The doubled backslash distinguishes this name from an escaped control character.
  assert.equal(escapeField(view("a\\x1b"), 0, 5), "a\\\\x1b");
});

Deno.test("escapeField() returns the text of the bytes whatever was decoded before", () => {
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 20_000; i++) assert.equal(escapeField(view(`name-${i}\0rest`), 0, 16), `name-${i}`);
    assert.equal(escapeField(view("a".repeat(100)), 0, 100), "a".repeat(100));
    assert.equal(escapeField(view(""), 0, 0), "");
  }
});

/** Growth of the heap per text, bytes, while `count` texts are kept. */
function heapPerText(count: number, make: () => string): number {
  const kept = new Array<string>(count).fill("");
  const before = Deno.memoryUsage().heapUsed;
  for (let i = 0; i < count; i++) kept[i] = make();
  const grown = Deno.memoryUsage().heapUsed - before;
  assert.equal(new Set(kept.map(({ length }) => length)).size, 1);
  return grown / count;
}

Deno.test("Escaped text takes a byte per character, not a node per character", () => {
  // Concatenated, each of these took 120 kB and more.
  const field = view("\x01".repeat(4020));
  assert.ok(heapPerText(500, () => escapeField(field, 0, 4020)) < 2 * 4 * 4020);
  const plain = view("p".repeat(4020));
  assert.ok(heapPerText(500, () => escapeField(plain, 0, 4020)) < 2 * 4020);
  // replace() makes garbage that is collected later.
  const text = "\x01".repeat(4020);
  assert.ok(heapPerText(500, () => escapeText(text)) < 5 * 4 * 4020);
});
