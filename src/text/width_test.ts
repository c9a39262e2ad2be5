import assert from "node:assert/strict";
import { displayWidth, glyphs, pad, skip, take, truncate, wrap } from "./width.ts";

Deno.test("displayWidth() counts cells, not bytes, in wide text and text with marks", () => {
  assert.equal(displayWidth("postgres"), 8);
  assert.equal(displayWidth("日本語"), 6);
  assert.equal(displayWidth("e\u0301a"), 2);
  assert.equal(displayWidth("🙂x"), 3);
  assert.equal(displayWidth("ｱ"), 1);
  assert.equal(displayWidth("한"), 2);
  assert.equal(displayWidth("\u1112\u1161\u11ab"), 2);
  assert.equal(displayWidth(""), 0);
});

Deno.test("glyphs() keeps marks on their base, and puts a lone mark on a space", () => {
  assert.deepEqual([...glyphs("e\u0301日")], [{ text: "e\u0301", cells: 1 }, { text: "日", cells: 2 }]);
  assert.deepEqual([...glyphs("\u0301")], [{ text: " \u0301", cells: 1 }]);
});

Deno.test("glyphs() limits the marks on one character", () => {
  const [glyph] = [...glyphs("a" + "\u0300".repeat(5000))];
  assert.equal(glyph?.text, "a" + "\u0300".repeat(4));
});

Deno.test("truncate() returns text that fits, and marks the cut of longer text", () => {
  assert.equal(truncate("abc", 3), "abc");
  assert.equal(truncate("abcd", 3), "ab…");
  assert.equal(truncate("abcd", 3, "~"), "ab~");
  assert.equal(truncate("abcd", 1), "…");
  assert.equal(truncate("abcd", 0), "");
});

Deno.test("truncate() never splits a wide character", () => {
  assert.equal(truncate("日本語", 6), "日本語");
  assert.equal(truncate("日本語", 5), "日本…");
  assert.equal(truncate("日本語", 4), "日…");
  for (let cells = 0; cells < 8; cells++) {
    assert.ok(displayWidth(truncate("a日e\u0301🙂本", cells)) <= cells);
  }
});

Deno.test("take() and skip() cut at the same cell", () => {
  assert.equal(take("abcdef", 4) + skip("abcdef", 4), "abcdef");
  assert.equal(take("日本", 2) + skip("日本", 2), "日本");
  assert.equal(take("日本", 3), "日");
  assert.equal(skip("日本", 3), " ");
});

Deno.test("pad() pads by cells on the requested side", () => {
  assert.equal(pad("日", 4), "日  ");
  assert.equal(pad("日", 4, "right"), "  日");
  assert.equal(pad("abcdef", 4), "abcdef");
});

Deno.test("wrap() wraps at spaces, and splits words longer than a line", () => {
  assert.deepEqual(wrap("one two three", 7), ["one two", "three"]);
  assert.deepEqual(wrap("one two a b three", 8), ["one two", "a b", "three"]); // "one two a" has nine cells
  assert.deepEqual(wrap("one two", 6), ["one", "two"]);
  assert.deepEqual(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
  assert.deepEqual(wrap("日本語 x", 4), ["日本", "語 x"]);
  assert.deepEqual(wrap("日本語", 1), []);
  assert.deepEqual(wrap("", 5), []);
});

Deno.test("displayWidth() counts no cell for archaic Hangul vowels and finals", () => {
  assert.deepEqual(["가\ud7b0", "가\ud7cb", "가\u1160"].map(displayWidth), [2, 2, 2]);
});
