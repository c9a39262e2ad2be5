import assert from "node:assert/strict";
import { countCpus, cpuNumbers } from "./map.ts";

Deno.test("countCpus() returns the highest number plus one when ranges have gaps", () => {
  assert.equal(countCpus("0\n"), 1);
  assert.equal(countCpus("0-127\n"), 128);
  assert.equal(countCpus("0-3,8,10-11"), 12);
  assert.equal(countCpus("4,0-1"), 5);
});

Deno.test("countCpus() throws when the text is not a list", () => {
  for (const text of ["", "a", "1-", "0-3;5"]) assert.throws(() => countCpus(text), /not a list of CPUs/);
});

Deno.test("cpuNumbers() returns each number of the ranges", () => {
  assert.deepEqual(cpuNumbers("0-2,8,10-11\n"), [0, 1, 2, 8, 10, 11]);
});
