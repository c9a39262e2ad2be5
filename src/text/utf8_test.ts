import assert from "node:assert/strict";
import { utf8Length } from "./utf8.ts";

Deno.test("utf8Length() is the number of bytes that TextEncoder makes", () => {
  for (
    const text of ["", "abc", "\x7f\x80", "é߿ࠀ", "日本", "😀x", "\ud83d", "\ude00a", "\ud83d\ud83d\ude00"]
  ) {
    assert.equal(utf8Length(text), new TextEncoder().encode(text).length, JSON.stringify(text));
  }
});
