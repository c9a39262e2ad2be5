import assert from "node:assert/strict";
import { messageText, shownValue } from "./message.ts";

Deno.test("shownValue() escapes a value, and leaves out the middle of a long one", () => {
  assert.equal(shownValue("a\tb\x1b[31m\u202e\\"), "a\\tb\\x1b[31m\\u202e\\\\");
  assert.equal(shownValue("x".repeat(200)), "x".repeat(200));
  assert.equal(shownValue(`<${"x".repeat(70_000)}>`), `<${"x".repeat(97)}...${"x".repeat(97)}>`);
});

Deno.test("shownValue() never splits a character beyond U+FFFF", () => {
  for (const start of ["", "a"]) {
    assert.match(shownValue(start + "🙂".repeat(1000)), /^a?🙂+\.\.\.🙂+$/u);
  }
});

Deno.test("messageText() escapes what is still dangerous, keeps escaped values, and shortens", () => {
  const value = shownValue("\\ \x07");
  assert.equal(messageText(`No file ${value} \x1b.\n`), `No file ${value} \\x1b.\\n`);
  assert.ok(messageText("y".repeat(70_000)).length <= 2000);
});
