import assert from "node:assert/strict";
import { count, field, number, parseObject, RecordingError, text, time } from "./fields.ts";

const bytes = (line: string): Uint8Array => new TextEncoder().encode(line);
const refuses = (line: string, why: RegExp): void =>
  assert.throws(
    () => parseObject(bytes(line)),
    (error) => error instanceof RecordingError && why.test(error.message),
  );

Deno.test("parseObject() refuses anything but an object", () => {
  for (const line of ["", "12", "[]", "null", '"text"', '{"a":', "\xff\xfe"]) {
    refuses(line, /not a JSON object/);
  }
});

Deno.test("parseObject() refuses deep nesting before parsing, and accepts brackets within strings", () => {
  refuses("[".repeat(1_000_000), /nested too deeply/);
  refuses(`${'{"a":'.repeat(6)}1${"}".repeat(6)}`, /nested too deeply/);
  assert.deepEqual(parseObject(bytes('{"a":"[[[[[[[[\\"[[[[[[[["}')), { a: '[[[[[[[["[[[[[[[[' });
});

Deno.test("parseObject() refuses a line that would take far more memory than its length", () => {
  refuses(`{"a":[${"{},".repeat(300_000)}{}]}`, /holds too many values/);
  refuses(`{"a":[${"0,".repeat(3_000_000)}0]}`, /holds too many values/);
});

Deno.test("field() ignores inherited properties", () => {
  assert.equal(field(parseObject(bytes('{"a":1}')), "constructor"), undefined);
  assert.equal(field(parseObject(bytes('{"__proto__":5}')), "__proto__"), 5);
});

Deno.test("text() escapes raw control characters, and cuts long text", () => {
  assert.equal(text("\x1b]0;owned\x07"), "\\x1b]0;owned\\a");
  assert.equal(text("a\\x1b"), "a\\x1b");
  assert.equal(text("x".repeat(1_000_000)).length, 16_384);
  assert.equal(text(5), "");
});

Deno.test("number() and count() accept only values within bounds", () => {
  assert.equal(number(5, { min: 1, max: 4, otherwise: null }), null);
  assert.equal(number("5", { min: 1, max: 9, otherwise: null }), null);
  assert.deepEqual([7, -1, 1.5, 1e300, 2 ** 53, Infinity, "7", null].map(count), [7, 0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("time() accepts ISO 8601 and refuses anything else", () => {
  assert.equal(time("2026-11-20T18:00:00.000Z"), Date.UTC(2026, 10, 20, 18));
  for (const value of [undefined, 5, "yesterday", `2026${" ".repeat(1000)}`]) {
    assert.throws(() => time(value), RecordingError);
  }
});
