import assert from "node:assert/strict";
import { readersOf } from "./syscalls.ts";

Deno.test("readersOf() reads once for all readers of a turn, in any order, and never twice the same value for one", () => {
  let counter = 0;
  const reader = readersOf(() => ++counter);
  const [first, second] = [reader(), reader()];
  assert.deepEqual([first(), second()], [1, 1]);
  assert.deepEqual([second(), first()], [2, 2]);
  assert.deepEqual([first(), first(), second()], [3, 4, 4]);
  const late = reader();
  assert.equal(late(), 5, "a value from before it was made is stale");
  assert.deepEqual([first(), second(), late()], [5, 5, 6]);
});
