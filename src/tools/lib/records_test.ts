import assert from "node:assert/strict";
import { readCount, readText, readTexts, sumPerCpu } from "./records.ts";

Deno.test("readCount() is exact above 32 bits", () => {
  const view = new DataView(new ArrayBuffer(16));
  view.setBigUint64(8, 9_007_199_254_740_991n, true);
  assert.equal(readCount(view, 8), Number.MAX_SAFE_INTEGER);
});

Deno.test("readText() reads its own field only, and escapes it", () => {
  const bytes = new TextEncoder().encode("xxab\x1bcdyy");
  assert.equal(readText(new DataView(bytes.buffer), 2, 5), "ab\\x1bcd");
  // Doubled, so that a file cannot be called what another one's name is escaped to.
  const backslash = new TextEncoder().encode("a\\x1b");
  assert.equal(readText(new DataView(backslash.buffer), 0, backslash.length), "a\\\\x1b");
});

Deno.test("readTexts() splits at NULs, keeps empty texts and stays in its field", () => {
  const bytes = new TextEncoder().encode("x/etc\0\0a\x1b\0yy");
  const view = new DataView(bytes.buffer, 1);
  assert.deepEqual(readTexts(view, 0, 8), ["/etc", "", "a\\x1b"]);
  assert.deepEqual(readTexts(view, 0, 0), []);
});

Deno.test("sumPerCpu() adds each member over all CPUs", () => {
  const values = new DataView(new ArrayBuffer(3 * 16));
  for (let cpu = 0; cpu < 3; cpu++) {
    values.setBigUint64(cpu * 16, BigInt(10 ** cpu), true);
    values.setBigUint64(cpu * 16 + 8, 2n ** 62n, true);
  }
  assert.deepEqual(sumPerCpu(new Uint8Array(values.buffer), 16, [0, 8]), [111n, 3n * 2n ** 62n]);
});
