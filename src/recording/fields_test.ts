import assert from "node:assert/strict";
import {
  arrayField,
  field,
  nonNegativeInteger,
  number,
  objectElement,
  objectField,
  parseObject,
  parseTimestamp,
  RecordingError,
  text,
} from "./fields.ts";

const bytes = (line: string): Uint8Array => new TextEncoder().encode(line);
const rejects = (line: string, message: RegExp): void =>
  assert.throws(
    () => parseObject(bytes(line)),
    (error) => error instanceof RecordingError && message.test(error.message),
  );

Deno.test("parseObject() rejects anything but an object", () => {
  for (const line of ["", "12", "[]", "null", '"text"', '{"a":', "\xff\xfe"]) {
    rejects(line, /not a JSON object/);
  }
});

Deno.test("parseObject() rejects deep nesting before parsing, and accepts brackets within strings", () => {
  rejects("[".repeat(1_000_000), /nested too deeply/);
  rejects(`${'{"a":'.repeat(6)}1${"}".repeat(6)}`, /nested too deeply/);
  assert.deepEqual(parseObject(bytes('{"a":"[[[[[[[[\\"[[[[[[[["}')), { a: '[[[[[[[["[[[[[[[[' });
});

Deno.test("parseObject() rejects a line that would take far more memory than its length", () => {
  rejects(`{"a":[${"{},".repeat(300_000)}{}]}`, /holds too many values/);
  rejects(`{"a":[${"0,".repeat(3_000_000)}0]}`, /holds too many values/);
});

Deno.test("field() ignores inherited properties", () => {
  assert.equal(field(parseObject(bytes('{"a":1}')), "constructor"), undefined);
  assert.equal(field(parseObject(bytes('{"__proto__":5}')), "__proto__"), 5);
});

Deno.test("objectField(), objectElement() and arrayField() name the field whose value they reject", () => {
  const from = parseObject(bytes('{"load":{},"lost":[],"rows":[1,2,3]}'));
  const throws = (read: () => unknown, message: string): void =>
    assert.throws(read, { name: "RecordingError", message });
  throws(() => objectField(from, "lost"), 'has a field "lost" that is not an object');
  throws(() => arrayField(from, "load", 3), 'has a field "load" that is not an array');
  throws(() => arrayField(from, "rows", 2), 'has a field "rows" with more than 2 elements');
  throws(() => objectElement(1, "rows"), 'has an element of "rows" that is not an object');
  assert.deepEqual(objectField(from, "missing"), {});
  assert.deepEqual(arrayField(from, "missing", 3), []);
  assert.deepEqual(arrayField(from, "rows", 3), [1, 2, 3]);
});

Deno.test("text() escapes raw control characters, and truncates long text", () => {
  assert.equal(text("\x1b]0;owned\x07"), "\\x1b]0;owned\\a");
  assert.equal(text("a\\x1b"), "a\\x1b");
  assert.equal(text("x".repeat(1_000_000)).length, 16_384);
  assert.equal(text(5), "");
});

Deno.test("number() and nonNegativeInteger() accept only values within bounds", () => {
  assert.equal(number(5, { min: 1, max: 4, fallback: null }), null);
  assert.equal(number("5", { min: 1, max: 9, fallback: null }), null);
  assert.deepEqual([7, -1, 1.5, 1e300, 2 ** 53, Infinity, "7", null].map(nonNegativeInteger), [
    7,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
});

Deno.test("parseTimestamp() accepts ISO 8601 and rejects anything else", () => {
  assert.equal(parseTimestamp("2026-11-20T18:00:00.000Z"), Date.UTC(2026, 10, 20, 18));
  for (const value of [undefined, 5, "yesterday", `2026${" ".repeat(1000)}`]) {
    assert.throws(() => parseTimestamp(value), RecordingError);
  }
});
