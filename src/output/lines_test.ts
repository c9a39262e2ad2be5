import assert from "node:assert/strict";
import type { Tick } from "../model/mod.ts";
import { linesFormat } from "./lines.ts";

const tick = (rest: Partial<Tick> = {}): Tick => ({
  tool: "t",
  time: 0,
  intervalS: 1,
  tier: "fentry",
  lost: { events: 0, keys: 0, runs: 0 },
  rows: [],
  ...rest,
});

Deno.test("linesFormat() prints the lines of a tick and nothing else", () => {
  const format = linesFormat((text) => assert.fail(text));
  assert.equal(
    format.begin("fentry") + format.tick(tick({ lines: ["a;b 1", "c 2"] })) + format.tick(tick()) +
      format.end(),
    "a;b 1\nc 2\n",
  );
});

Deno.test("linesFormat() warns of losses, once for each tick that has any", () => {
  const warnings: string[] = [];
  const format = linesFormat((text) => warnings.push(text));
  assert.equal(format.tick(tick({ lines: ["a 1"], lost: { events: 3, keys: 1, runs: 0 } })), "a 1\n");
  format.tick(tick());
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /3 events, 1 keys/);
});
