import assert from "node:assert/strict";
import { type ConstantValue, writeConstant } from "./constants.ts";

/** The bytes of a variable of `size` bytes in the middle of a section of ones. */
function written(size: number, value: ConstantValue): number[] {
  const section = new Uint8Array(size + 2).fill(0xee);
  writeConstant(section, { name: "variable", offset: 1, size }, value);
  assert.equal(section[0], 0xee);
  assert.equal(section.at(-1), 0xee);
  return [...section.subarray(1, -1)];
}

Deno.test("writeConstant() writes little-endian integers when they fit", () => {
  assert.deepEqual(written(1, true), [1]);
  assert.deepEqual(written(2, 0x1234), [0x34, 0x12]);
  assert.deepEqual(written(4, -2), [0xfe, 0xff, 0xff, 0xff]);
  assert.deepEqual(written(4, 0xffff_ffff), [0xff, 0xff, 0xff, 0xff]);
  assert.deepEqual(written(8, 2n ** 64n - 1n), Array(8).fill(0xff));
  assert.deepEqual(written(8, -(2n ** 63n)), [0, 0, 0, 0, 0, 0, 0, 0x80]);
});

Deno.test("writeConstant() fills with zeros when bytes are shorter than the variable", () => {
  assert.deepEqual(written(4, new Uint8Array([1, 2])), [1, 2, 0, 0]);
});

Deno.test("writeConstant() throws TypeError when the value does not fit", () => {
  const wrong: [number, ConstantValue][] = [
    [1, 256],
    [1, -129],
    [4, 2 ** 32],
    [8, 2n ** 64n],
    [4, 0.5],
    [8, NaN],
    [8, 2 ** 60],
    [16, 1],
    [2, new Uint8Array(3)],
  ];
  for (const [size, value] of wrong) {
    assert.throws(() => written(size, value), TypeError, `${size}: ${value}`);
  }
});
