import assert from "node:assert/strict";
import { errorName } from "./errno.ts";

Deno.test("errorName() names errno and negative results, and nothing else", () => {
  assert.deepEqual([2, -2, 13, 39, 133].map(errorName), [
    "ENOENT",
    "ENOENT",
    "EACCES",
    "ENOTEMPTY",
    "EHWPOISON",
  ]);
  // 41 is not assigned.
  assert.deepEqual([0, 41, 134, 1.5, NaN].map(errorName), [null, null, null, null, null]);
});
