import assert from "node:assert/strict";
import { LruCache } from "./lru.ts";
import { functionName, placeName, symbolName } from "./names.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

Deno.test("functionName() ends at a NUL, escapes, and cannot break a folded line", () => {
  assert.equal(functionName(bytes("main\0other")), "main");
  assert.equal(functionName(bytes("\0")), null);
  assert.equal(functionName(bytes("a;b\nc\x1b[m")), "a:b\\nc\\x1b[m");
  assert.equal(functionName(Uint8Array.of(0x61, 0xff)), "a\\xff");
  assert.equal(functionName(bytes("caf\u00e9\u202e")), "caf\u00e9\\u202e");
});

Deno.test("symbolName() leaves out the version of a symbol", () => {
  assert.equal(symbolName(bytes("memcpy@@GLIBC_2.14\0x")), "memcpy");
  assert.equal(symbolName(bytes("old@V1")), "old");
  assert.equal(symbolName(bytes("a;b\n")), "a:b\\n");
  assert.equal(symbolName(bytes("\0")), null);
  assert.equal(functionName(bytes("JS:~get @a.js:1")), "JS:~get @a.js:1");
});

Deno.test("functionName() cuts long names", () => {
  const name = functionName(bytes("x".repeat(4096)))!;
  assert.equal(name.length, 512);
  assert.ok(name.endsWith("x…"));
});

Deno.test("placeName() has the file's name and the address", () => {
  assert.equal(placeName("/usr/lib/libc.so.6", 0x1f2e), "libc.so.6+0x1f2e");
  assert.equal(placeName("/tmp/gone (deleted)", 16), "gone+0x10");
  assert.equal(placeName("/tmp/a;\n b", 1), "a:\\n b+0x1");
});

Deno.test("LruCache drops what was not used for longest, and keeps one value that is too large", () => {
  const cache = new LruCache<string, number>(10, (value) => value);
  cache.set("a", 4);
  cache.set("b", 4);
  assert.equal(cache.get("a"), 4);
  cache.set("c", 4);
  assert.deepEqual(["a", "b", "c"].map((key) => cache.get(key)), [4, undefined, 4]);
  cache.set("d", 20);
  assert.deepEqual(["a", "c", "d"].map((key) => cache.get(key)), [undefined, undefined, 20]);
});
