import assert from "node:assert/strict";
import { compare, histogramSums } from "./peers_together.ts";

Deno.test("compare() reports each name whose difference is not the expected one", () => {
  assert.deepEqual(compare({ a: 7, b: 3 }, { a: 5, b: 3 }, { a: -2 }), []);
  assert.deepEqual(compare({ a: 7 }, { a: 6, c: 1 }), [
    '"a": the peer has 6, expected 7, ktop 7',
    '"c": the peer has 1, expected 0, ktop 0',
  ]);
  assert.deepEqual(compare({ a: 7 }, { a: 7 }, { a: -2 }), ['"a": the peer has 7, expected 5, ktop 7']);
});

Deno.test("compare() accepts counts that differ by no more than a part", () => {
  assert.deepEqual(compare({ us: 1000 }, { us: 951 }, {}, 0.05), []);
  assert.deepEqual(compare({ us: 1000 }, { us: 949 }, {}, 0.05).length, 1);
  assert.deepEqual(compare({ us: 1000 }, { us: 1051 }, {}, 0.05).length, 1);
});

Deno.test("compare() reports a run in which ktop counted nothing", () => {
  assert.deepEqual(compare({}, {}), ["ktop has nothing to compare"]);
});

Deno.test("histogramSums() adds up the slots below each heading", () => {
  const output = "Tracing...\n\noperation = 'read'\n     usecs               : count    distribution\n" +
    "         0 -> 1          : 5        |***   |\n         2 -> 3          : 294      |******|\n\n" +
    "operation = 'fsync'\n         0 -> 1          : 21       |****|\n";
  assert.deepEqual(histogramSums(output, /^operation = '(\w+)'/), { read: 299, fsync: 21 });
});
