import assert from "node:assert/strict";
import { addOwnCode, isOwnCode, removeOwnCode } from "./own_code.ts";

Deno.test("isOwnCode() knows the code of the programs that are loaded, and not what is beside it", () => {
  const first = {}, second = {};
  addOwnCode(first, [{ start: 0x3000n, end: 0x3010n }, { start: 0x1000n, end: 0x1010n }]);
  addOwnCode(second, [{ start: 0x2000n, end: 0x2001n }]);
  try {
    const own = [0xfffn, 0x1000n, 0x100fn, 0x1010n, 0x2000n, 0x2001n, 0x300fn, 0x3010n].filter(isOwnCode);
    assert.deepEqual(own, [0x1000n, 0x100fn, 0x2000n, 0x300fn]);
    removeOwnCode(first);
    assert.deepEqual([0x1000n, 0x2000n].filter(isOwnCode), [0x2000n]);
  } finally {
    removeOwnCode(first);
    removeOwnCode(second);
  }
});
