import assert from "node:assert/strict";
import { plainFormat } from "./plain.ts";

Deno.test("plainFormat() prints the lines of a tick and nothing around them", () => {
  const format = plainFormat();
  const tick = { tool: "t", time: 0, intervalS: 1, tier: "fentry", lost: { events: 0, keys: 0 }, rows: [] };
  assert.equal(
    format.begin("fentry") + format.tick({ ...tick, lines: ["a;b 1", "c 2"] }) + format.tick(tick) +
      format.end(),
    "a;b 1\nc 2\n",
  );
});
