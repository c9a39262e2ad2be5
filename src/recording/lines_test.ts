import assert from "node:assert/strict";
import { RecordingError } from "./fields.ts";
import { MAX_LINE_BYTES } from "./format.ts";
import { type Line, readLines } from "./lines.ts";
import { untilEventLoop } from "../../tests/support/recordings.ts";

async function* chunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function all(lines: AsyncIterable<Line>): Promise<[string, number, boolean][]> {
  const out: [string, number, boolean][] = [];
  for await (const { bytes, end, complete } of lines) {
    out.push([new TextDecoder().decode(bytes), end, complete]);
  }
  return out;
}

Deno.test("readLines() returns the same lines and offsets however the bytes are split", async () => {
  for (const size of [1, 2, 3, 7, 100]) {
    assert.deepEqual(await all(readLines(chunks("ab\n\nc\nlast", size), 1000)), [
      ["ab", 1003, true],
      ["c", 1006, true],
      ["last", 1010, false],
    ], `in chunks of ${size}`);
  }
});

Deno.test("readLines() rejects an endless line after buffering at most MAX_LINE_BYTES", async () => {
  let requested = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    while (true) {
      requested += 65_536;
      yield await Promise.resolve(new Uint8Array(65_536).fill(0x61));
    }
  }
  await assert.rejects(all(readLines(endless())), RecordingError);
  assert.ok(requested <= MAX_LINE_BYTES + 65_536, `${requested} bytes were read`);
});

Deno.test("readLines() returns intact lines from a source that reuses its buffer", async () => {
  async function* reused(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(3);
    for (const text of ["abc", "de\n", "f\ng", "hi\n"]) {
      new TextEncoder().encodeInto(text, buffer);
      yield await Promise.resolve(buffer);
    }
  }
  assert.deepEqual((await all(readLines(reused()))).map(([text]) => text), ["abcde", "f", "ghi"]);
});

Deno.test("readLines() lets the event loop run between short lines, and within a run of empty ones", async () => {
  for (const line of ["\n", "{}\n", "\r\n"]) {
    for await (const _ of readLines(untilEventLoop(line))) { /* only the source ends it */ }
  }
});
