import assert from "node:assert/strict";
import { parseLoadavg, parseStatm } from "./host.ts";

Deno.test("parseLoadavg() reads the three loads and the numbers of running and existing tasks", () => {
  assert.deepEqual(parseLoadavg("0.52 1.58 12.59 3/467 29461\n"), {
    load: [0.52, 1.58, 12.59],
    tasks: { running: 3, total: 467 },
  });
});

Deno.test("parseLoadavg() returns zeros for an empty text", () => {
  assert.deepEqual(parseLoadavg(""), { load: [0, 0, 0], tasks: { running: 0, total: 0 } });
});

Deno.test("parseStatm() reads the second and the third number; 0 without them", () => {
  assert.deepEqual(parseStatm("8768763 15933 7257 11953 0 145455 0\n"), { resident: 15933, ofFiles: 7257 });
  assert.deepEqual(parseStatm(""), { resident: 0, ofFiles: 0 });
});
