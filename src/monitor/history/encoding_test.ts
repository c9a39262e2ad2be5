import assert from "node:assert/strict";
import type { Value } from "../../model/mod.ts";
import { AppendBuffer, Decoder, Encoder } from "./encoding.ts";

function roundTrip(values: readonly (Value | undefined)[]): { back: unknown[]; bytes: number } {
  const texts = new AppendBuffer();
  const data = new AppendBuffer();
  const encoder = new Encoder();
  for (const value of values) encoder.value(value, texts);
  data.append(encoder.bytes());
  texts.close();
  data.close();
  const decoder = new Decoder(data, 0);
  return { back: values.map(() => decoder.value(texts)), bytes: texts.size + data.size };
}

Deno.test("Decoder returns every value that Encoder was given", () => {
  const values = [
    0,
    1,
    31,
    32,
    127,
    2 ** 31,
    2 ** 32 + 5,
    2 ** 50 - 1,
    2 ** 50,
    2 ** 53 - 1,
    -1,
    -0,
    0.25,
    NaN,
    Infinity,
    null,
    undefined,
    "",
    "comm",
    "日本語",
    "caf\u0065\u0301",
    "2026-11-20T18:00:00.123Z",
    "2026-11-20T18:00:00.12Z",
    "2026-13-20T18:00:00.123Z",
    "comm",
    "x".repeat(3000),
  ];
  assert.deepEqual(roundTrip(values).back, values);
});

Deno.test("Encoder stores a text once, a small number in a byte and a time in seven", () => {
  const text = "a name of thirty-two characters!";
  assert.equal(roundTrip(Array(100).fill(text)).bytes, 33 + 100);
  assert.equal(roundTrip(Array(100).fill(31)).bytes, 100);
  assert.equal(roundTrip(["2026-11-20T18:00:00.123Z"]).bytes, 7);
});

Deno.test("Encoder.number() accepts any number and writes the nearest count", () => {
  const encoder = new Encoder();
  const numbers = [-1, 1.9, NaN, Infinity, 2 ** 53 - 1, -Infinity];
  for (const number of numbers) encoder.number(number);
  const data = new AppendBuffer();
  data.append(encoder.bytes());
  const decoder = new Decoder(data, 0);
  const most = Number.MAX_SAFE_INTEGER;
  assert.deepEqual(numbers.map(() => decoder.number()), [0, 1, 0, most, most, 0]);
});

Deno.test("AppendBuffer.text() cuts a text that is longer than 4096 characters", () => {
  assert.deepEqual(roundTrip(["y".repeat(100_000)]).back, ["y".repeat(4096)]);
});

Deno.test("AppendBuffer.append() keeps earlier bytes when it grows", () => {
  const buffer = new AppendBuffer();
  const first = buffer.text("first");
  for (let i = 0; i < 10_000; i++) buffer.text(`more ${i}`);
  assert.equal(buffer.textAt(first), "first");
  assert.equal(buffer.textAt(buffer.text("more 9999")), "more 9999");
});

Deno.test("Decoder.passes() compares a cell and passes it, as skip() does", () => {
  const values: readonly (Value | undefined)[] = [
    0,
    7,
    -1,
    0.25,
    2 ** 50,
    "",
    "nginx",
    "2026-11-20T18:00:00.000Z",
    null,
    undefined,
  ];
  const texts = new AppendBuffer();
  const data = new AppendBuffer();
  const encoder = new Encoder();
  for (const value of values) encoder.value(value, texts);
  data.append(encoder.bytes());
  for (const [i, wanted] of values.entries()) {
    const known = new Map<number, boolean>();
    const decoder = new Decoder(data, 0);
    const same = values.map(() => decoder.passes(wanted ?? null, texts, known));
    assert.deepEqual(same, values.map((value, j) => j === i || (value ?? null) === (wanted ?? null)));
    const skipping = new Decoder(data, 0);
    for (let j = 0; j < i; j++) skipping.skip();
    assert.deepEqual(skipping.value(texts), wanted);
    assert.equal(decoder.at, data.used);
  }
});
