import assert from "node:assert/strict";
import { ticksOf, tierOption } from "./run.ts";

Deno.test("ticksOf() gives the complete lines when the last one was cut off", () => {
  assert.deepEqual(ticksOf('{"v":1}\n{"v":1,"tool":"x"}\n{"v":').map(({ tool }) => tool), [undefined, "x"]);
});

Deno.test("ticksOf() says what ktop printed when a line is not JSON", () => {
  assert.throws(() => ticksOf("TIME READ/s\n"), /not JSON: "TIME READ\/s"/);
});

Deno.test("tierOption() forces no tier when the cell is what ktop chooses itself", () => {
  assert.deepEqual(tierOption({ cell: "default" }), []);
  assert.deepEqual(tierOption({ cell: "kprobe" }), ["--tier", "kprobe"]);
  assert.deepEqual(tierOption({ cell: "kprobe", unforced: true }), []);
});
