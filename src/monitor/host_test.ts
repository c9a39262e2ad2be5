import assert from "node:assert/strict";
import { parseLoadavg, parseResidentPages } from "./host.ts";

Deno.test("parseLoadavg() reads the three loads and the numbers of running and existing tasks", () => {
  assert.deepEqual(parseLoadavg("0.52 1.58 12.59 3/467 29461\n"), {
    load: [0.52, 1.58, 12.59],
    tasks: { running: 3, total: 467 },
  });
});

Deno.test("parseLoadavg() returns zeros for an empty text", () => {
  assert.deepEqual(parseLoadavg(""), { load: [0, 0, 0], tasks: { running: 0, total: 0 } });
});

Deno.test("parseResidentPages() reads the second number; 0 without it", () => {
  assert.equal(parseResidentPages("8768763 15933 7257 11953 0 145455 0\n"), 15933);
  assert.equal(parseResidentPages(""), 0);
});
