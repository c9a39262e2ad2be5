import assert from "node:assert/strict";
import { ticksOf, tierOption } from "./run.ts";

Deno.test("ticksOf() returns the complete lines, without a truncated last one", () => {
  assert.deepEqual(ticksOf('{"v":1}\n{"v":1,"tool":"x"}\n{"v":').map(({ tool }) => tool), [undefined, "x"]);
});

Deno.test("ticksOf() throws with the line when a line is not JSON", () => {
  assert.throws(() => ticksOf("TIME READ/s\n"), /not JSON: "TIME READ\/s"/);
});

Deno.test("tierOption() forces the tier of the cell, unless ktop must choose", () => {
  assert.deepEqual(tierOption({ cell: "default" }), []);
  assert.deepEqual(tierOption({ cell: "kprobe" }), ["--tier", "kprobe"]);
  assert.deepEqual(tierOption({ cell: "kprobe", unforced: true }), []);
});
