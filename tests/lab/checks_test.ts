import assert from "node:assert/strict";
import type { Context, Outcome, Tick } from "./case.ts";
import { conserved, nothingLost, printedNumber, sum, sums, wellFormed } from "./checks.ts";

const tick = (rows: Tick["rows"], lost = { events: 0, keys: 0 }): Tick => ({
  v: 1,
  tool: "filetop",
  time: "2026-11-20T18:00:00.000Z",
  interval_s: 0.3,
  tier: "kprobe",
  rows,
  lost,
});
const outcome = (ticks: Tick[], cell: Context["cell"] = "kprobe"): Outcome => ({
  context: { kernel: "6.1", cell } as Context,
  ticks,
  workload: "ready\ntids 4 5\nwaits 1011\n",
});

Deno.test("sum() adds a column over rows and ticks when they hold the wanted values", () => {
  const ticks = [
    tick([{ file: "a", reads: 3 }, { file: "b", reads: 5 }]),
    tick([{ file: "a", reads: 4 }, { file: "a", reads: null }]),
  ];
  assert.equal(sum(outcome(ticks), "reads", { file: "a" }), 7);
  assert.equal(sum(outcome(ticks), "reads"), 12);
});

Deno.test("sums() names the column, what is and what should be when a sum is wrong", () => {
  const ticks = [tick([{ file: "a", reads: 2018 }])];
  assert.deepEqual(sums({ reads: 1009 }, { file: "a" })(outcome(ticks)), ["a reads is 2018, not 1009"]);
  assert.deepEqual(sums(({ kernel }) => ({ reads: kernel === "6.1" ? 2018 : 0 }))(outcome(ticks)), []);
});

Deno.test("wellFormed() complains once when every tick has another tier than the forced one", () => {
  assert.deepEqual(wellFormed(outcome([tick([]), tick([])], "fentry")), [
    "tier is kprobe, not the forced fentry",
  ]);
  assert.deepEqual(wellFormed(outcome([tick([])], "default")), []);
});

Deno.test("conserved() wants a loss and an exact total when a map overflowed", () => {
  const check = conserved("writes", "keys", 20011);
  assert.deepEqual(check(outcome([tick([{ writes: 20000 }], { events: 0, keys: 11 })])), []);
  assert.equal(check(outcome([tick([{ writes: 20000 }], { events: 0, keys: 10 })])).length, 1);
  assert.equal(check(outcome([tick([{ writes: 20011 }])])).length, 1);
});

Deno.test("nothingLost() complains when one tick lost a key", () => {
  assert.deepEqual(nothingLost(outcome([tick([]), tick([], { events: 0, keys: 1 })])), [
    "0 events and 1 keys were lost",
  ]);
});

Deno.test("printedNumber() reads the number behind a word when the workload printed it", () => {
  assert.equal(printedNumber(outcome([]), "waits"), 1011);
  assert.ok(Number.isNaN(printedNumber(outcome([]), "absent")));
});
