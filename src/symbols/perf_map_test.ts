import assert from "node:assert/strict";
import { sourceOf } from "./elf.ts";
import { PerfMap } from "./perf_map.ts";

const encoder = new TextEncoder();

/** A perf map that has read a text, and how it names an address. */
function read(...texts: readonly string[]): (address: number) => string | null {
  const map = new PerfMap();
  let all = "";
  for (const text of texts) {
    all += text;
    const bytes = encoder.encode(all);
    map.update(sourceOf(bytes), bytes.length);
  }
  return (address) => map.find(sourceOf(encoder.encode(all)), address);
}

Deno.test("PerfMap names addresses inside functions; digits of either case, with or without 0x", () => {
  const find = read("1000 10 first\n0x00007F0000002000 0xA0 JS:~parse /a b.js:1:2\n");
  assert.deepEqual([0xfff, 0x1000, 0x100f, 0x1010].map(find), [null, "first", "first", null]);
  assert.deepEqual([0x7f0000002000, 0x7f000000209f, 0x7f00000020a0].map(find), [
    "JS:~parse /a b.js:1:2",
    "JS:~parse /a b.js:1:2",
    null,
  ]);
});

Deno.test("PerfMap takes the newest of the functions that had an address", () => {
  const find = read("1000 100 old\n", "1040 10 newer\n1000 100 newest\n", "1080 8 inner\n");
  assert.deepEqual([0x1000, 0x1044, 0x1080, 0x1088].map(find), ["newest", "newest", "inner", "newest"]);
});

Deno.test("PerfMap reads what was added, waits for the end of a line, and starts again with a shorter file", () => {
  const map = new PerfMap();
  const update = (text: string, address: number) => {
    const bytes = encoder.encode(text);
    map.update(sourceOf(bytes), bytes.length);
    return map.find(sourceOf(bytes), address);
  };
  assert.equal(update("1000 10 a\n2000 10 unfini", 0x2000), null);
  assert.equal(update("1000 10 a\n2000 10 unfinished\n", 0x2000), "unfinished");
  assert.equal(update("3000 10 b\n", 0x1000), null);
  assert.equal(update("3000 10 b\n", 0x3000), "b");
});

Deno.test("PerfMap skips lines that list no function, and escapes names", () => {
  const find = read("nonsense\n\n1000 0 empty\n2000 10 \nzz 10 z\n3000 10 Lcom/a;::b\x1b[2J\x07\n");
  assert.equal(find(0x1000), null);
  assert.equal(find(0x2000), null);
  assert.equal(find(0x3000), "Lcom/a:::b\\x1b[2J\\a");
});

Deno.test("PerfMap is bounded in memory, and prefers the functions at the end of a large file", () => {
  const map = new PerfMap();
  const lines = 1_500_000;
  const at = (line: number): string =>
    `${(0x10_0000 + line * 16).toString(16).padStart(8, "0")} 10 function\n`;
  const length = at(0).length;
  const source = {
    read(offset: number, wanted: number) {
      let text = "";
      const first = Math.floor(offset / length);
      for (let line = first; text.length < wanted + length && line < lines; line++) text += at(line);
      return encoder.encode(text.slice(offset - first * length, offset - first * length + wanted));
    },
  };
  map.update(source, lines * length);
  assert.ok(map.bytes <= 32 * 1024 * 1024, `${map.bytes} bytes`);
  assert.equal(map.find(source, 0x10_0000), null);
  assert.equal(map.find(source, 0x10_0000 + (lines - 1) * 16), "function");
});
