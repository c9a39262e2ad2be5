import assert from "node:assert/strict";
import { demoColumn } from "../../tests/support/demo_columns.ts";
import type { Row, Tick, Value } from "../model/mod.ts";
import { errorName } from "../text/mod.ts";
import { csvFormat } from "./csv.ts";
import { ndjsonFormat } from "./ndjson.ts";
import { joinPieces, plainExcept, TextBuffer } from "./text_buffer.ts";

/** The text that `add` adds to an empty buffer. */
function added(add: (buffer: TextBuffer) => void): string {
  const buffer = new TextBuffer();
  add(buffer);
  return joinPieces([buffer.take()]);
}

/** Numbers around every bound of the ways to print one: 32 bits, nine digits after the point, 15 digits in all, exponents. */
function* numbers(): Generator<number> {
  for (let exponent = -1074; exponent <= 1023; exponent += 7) {
    yield* [2 ** exponent, -(2 ** exponent), 3 * 2 ** exponent];
  }
  for (let exponent = -12; exponent <= 21; exponent++) {
    for (const digits of [1, 10, 99, 123456789, 999999999, 999999999999999, 1234567890123456]) {
      const value = digits * 10 ** exponent;
      yield* [value, -value, value + 1, value - 1, value + Number.EPSILON * value, value / 3];
    }
  }
  for (let bit = 28; bit < 54; bit++) yield* [2 ** bit - 1, 2 ** bit, 2 ** bit + 1, -(2 ** bit)];
  // A linear congruential generator: nanoseconds as seconds, milliseconds and microseconds.
  let ns = 12345;
  for (let i = 0; i < 20_000; i++) {
    ns = (ns * 1103515245 + 12345) % 2 ** 31;
    yield* [ns / 1e9, ns / 1e6, ns / 1e3, (ns * 4e5) / 1e9, (ns * 1e6 + i) / 1e9, ns * 2 ** 20 + i];
  }
  yield* [0, -0, NaN, Infinity, -Infinity, 0.1 + 0.2, 1e-6, 9.99999e-7, 999999.999999999, 1000000.000000001];
}

Deno.test("TextBuffer prints each number as String() does", () => {
  for (const value of numbers()) assert.equal(added((buffer) => buffer.number(value)), String(value));
});

Deno.test("TextBuffer keeps parts in order while it grows, and starts again after take()", () => {
  const buffer = new TextBuffer();
  for (const round of [1, 2]) {
    let expected = "";
    for (let i = 0; i < 3000; i++) {
      buffer.encoded(new TextEncoder().encode("key="));
      buffer.number(i * round);
      buffer.byte(0x3b);
      buffer.text("ü€😀\ud800");
      expected += `key=${i * round};ü€😀\ufffd`;
    }
    assert.equal(buffer.length, new TextEncoder().encode(expected).length);
    assert.equal(joinPieces([buffer.take()]), expected);
    assert.equal(buffer.length, 0);
  }
});

Deno.test("TextBuffer.plain() adds a text only if all of its characters are in the set", () => {
  const set = plainExcept('"');
  const ascii = String.fromCharCode(...Array.from({ length: 0x80 }, (_, code) => code));
  for (const char of [...ascii, "\x80", "ä", "\u2028", "\ud800"]) {
    const isPlain = char >= " " && char <= "~" && char !== '"';
    const text = added((buffer) => assert.equal(buffer.plain(`a${char}b`, set), isPlain));
    assert.equal(text, isPlain ? `a${char}b` : "");
  }
});

/** Texts that a format may have to escape, quote or encode. */
const TEXTS: readonly Value[] = [
  null,
  "",
  " ",
  " a",
  "a b",
  "/usr/lib/x86_64-linux-gnu/libc.so.6",
  '"',
  'a"b',
  "\\",
  "a\\nb",
  "\\xff",
  "a,b",
  "a\nb",
  "\r",
  "\t",
  ..."=+-@\t\r\n＝＋－＠".split("").map((first) => `${first}1,"2"`),
  "-",
  "ä",
  "日本.txt",
  "😀",
  "\ud800",
  "a\udc00b",
  "\u2028\u2029",
  "\u202e",
  "\x00\x1f\x7f\x80\x9f",
  "\x7f",
  "x".repeat(4095),
  '"'.repeat(5000),
  "\x01".repeat(4020),
  "é".repeat(70_000),
];

const TEXT = demoColumn("path", { unit: "text" });
const NUMBER = demoColumn("bytes");
const ERROR = demoColumn("err", { unit: "id", names: "error" });
const USER = demoColumn("uid", { unit: "id", names: "user" });

const ROWS: readonly Row[] = [
  // Once, and three times in a row.
  ...[...TEXTS, ...TEXTS.flatMap((text) => [text, text, text])].map((path) => ({
    path,
    bytes: 1,
    err: 0,
    uid: 0,
    uid_name: path,
  })),
  ...Array.from(numbers()).slice(0, 5000).map((bytes, i) => ({ path: "a", bytes, err: i % 140, uid: 1 })),
  {},
];

const TICK: Tick = {
  tool: "demo",
  time: Date.UTC(2026, 10, 29),
  intervalS: 1.0000004,
  tier: "fentry+kprobe",
  rows: ROWS,
  lost: { events: 3, keys: 1, runs: 0 },
};

Deno.test("ndjsonFormat() prints the bytes that JSON.stringify() makes of the rows", () => {
  const expected = ROWS.map((row) =>
    JSON.stringify({
      path: row.path ?? null,
      bytes: row.bytes ?? null,
      err: row.err ?? null,
      err_name: typeof row.err === "number" ? errorName(row.err) : null,
      uid: row.uid ?? null,
      uid_name: row.uid_name ?? null,
    })
  );
  const head = '{"v":1,"tool":"demo","time":"2026-11-29T00:00:00.000Z","interval_s":1,"tier":"fentry+kprobe"';
  assert.equal(
    ndjsonFormat({ columns: [TEXT, NUMBER, ERROR, USER] }).tick(TICK),
    `${head},"rows":[${expected.join(",")}],"lost":{"events":3,"keys":1,"runs":0}}\n`,
  );
});

Deno.test("ndjsonFormat() prints numbers that JSON does not have as null", () => {
  const rows = [NaN, Infinity, -Infinity].map((bytes) => ({ bytes }));
  assert.match(
    ndjsonFormat({ columns: [NUMBER] }).tick({ ...TICK, rows }),
    /"rows":\[{"bytes":null},{"bytes":null},{"bytes":null}\]/,
  );
});

for (const exactText of [false, true]) {
  Deno.test(`csvFormat() prints the same bytes as fields that are quoted one by one${exactText ? ", with exactText" : ""}`, () => {
    const cell = (value: Value): string => {
      if (typeof value !== "string") return value === null ? "" : String(value);
      const formula = /^[=+\-@\t\r\n＝＋－＠]/.test(value);
      if (!formula && !/[",\n\r]|^ /.test(value)) return value;
      return `"${formula && !exactText ? "'" : ""}${value.replaceAll('"', '""')}"`;
    };
    const line = ({ path = null, bytes = null }: Row): string =>
      `2026-11-29T00:00:00.000Z,1.000000,fentry+kprobe,3,1,${cell(path)},${cell(bytes)},0\n`;
    const expected = new TextEncoder().encode(ROWS.map(line).join(""));
    const format = csvFormat({ columns: [TEXT, NUMBER], exactText });
    assert.deepEqual(new TextEncoder().encode(format.tick(TICK)), expected);
  });
}
