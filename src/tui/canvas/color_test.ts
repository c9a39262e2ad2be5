import assert from "node:assert/strict";
import { parseColor, xtermRgb } from "./color.ts";

Deno.test("parseColor() accepts #rrggbb, #rgb, numbers and ANSI names", () => {
  assert.deepEqual(parseColor("#6cb6ff"), { rgb: 0x6cb6ff, c256: 75, c16: 14 });
  assert.deepEqual(parseColor("#F00"), { rgb: 0xff0000, c256: 196, c16: 9 });
  assert.deepEqual(parseColor("214"), { rgb: 0xffaf00, c256: 214, c16: 11, numbered: true });
  assert.deepEqual(parseColor("bright-blue"), { rgb: 0x5c5cff, c256: 12, c16: 12, numbered: true });
  assert.equal(parseColor("Red")?.c16, 1);
});

Deno.test("parseColor() returns null for other words", () => {
  for (const word of ["", "256", "-1", "#12", "#12345", "#gggggg", "1.5", "reddish", "0x10", "#6cb6ff "]) {
    assert.equal(parseColor(word), null, word);
  }
});

Deno.test("xtermRgb() returns the 16 ANSI colours, the cube and the greys", () => {
  assert.deepEqual([9, 16, 75, 231, 232, 255].map(xtermRgb), [
    0xff0000,
    0x000000,
    0x5fafff,
    0xffffff,
    0x080808,
    0xeeeeee,
  ]);
});
