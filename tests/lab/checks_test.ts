import assert from "node:assert/strict";
import { countNames, type JsonTick, type Row } from "../support/ticks.ts";
import type { Context, Outcome } from "./case.ts";
import { allAccounted, nothingLost, printedNumber, rowCounts, sum, sums, wellFormed } from "./checks.ts";

const tick = (rows: readonly Row[], lost = { events: 0, keys: 0, runs: 0 }): JsonTick => ({
  v: 1,
  tool: "filetop",
  time: "2026-11-20T18:00:00.000Z",
  interval_s: 0.3,
  tier: "kprobe",
  rows,
  lost,
});
const outcome = (ticks: JsonTick[], cell: Context["cell"] = "kprobe"): Outcome => ({
  context: { kernel: "6.1", cell } as Context,
  ticks,
  workload: "ready\ntids 4 5\nwaits 1011\n",
});

Deno.test("sum() adds a column over all ticks, in rows with the given values", () => {
  const ticks = [
    tick([{ file: "a", reads: 3 }, { file: "b", reads: 5 }]),
    tick([{ file: "a", reads: 4 }, { file: "a", reads: null }]),
  ];
  assert.equal(sum(outcome(ticks), "reads", { file: "a" }), 7);
  assert.equal(sum(outcome(ticks), "reads"), 12);
});

Deno.test("sums() reports the column, its sum and the expected sum", () => {
  const ticks = [tick([{ file: "a", reads: 2018 }])];
  assert.deepEqual(sums({ reads: 1009 }, { file: "a" })(outcome(ticks)), ["a reads is 2018, not 1009"]);
  assert.deepEqual(sums(({ kernel }) => ({ reads: kernel === "6.1" ? 2018 : 0 }))(outcome(ticks)), []);
});

Deno.test("rowCounts() reports each name whose number of rows differs, and ignores rows without a name", () => {
  const ticks = [tick([{ file: "a" }, { file: "b" }]), tick([{ file: "a" }, { file: null }])];
  const nameOf = ({ file }: Row): string | null => file === null ? null : String(file);
  assert.deepEqual(rowCounts({ a: 2, b: 1 }, nameOf)(outcome(ticks)), []);
  assert.deepEqual(rowCounts({ a: 3, c: 1 }, nameOf)(outcome(ticks)), [
    '"a": 2, not 3',
    '"c": 0, not 1',
    '"b": 1, not 0',
  ]);
});

Deno.test("countNames() counts each name and leaves out null", () => {
  assert.deepEqual(countNames(["a", null, "b", "a"]), { a: 2, b: 1 });
});

Deno.test("wellFormed() reports once that the ticks have another tier than the forced one", () => {
  assert.deepEqual(wellFormed(outcome([tick([]), tick([])], "fentry")), [
    "tier is kprobe, not the forced fentry",
  ]);
  assert.deepEqual(wellFormed(outcome([tick([])], "default")), []);
});

Deno.test("allAccounted() requires a loss and an exact total", () => {
  const check = allAccounted("writes", "keys", 20011);
  assert.deepEqual(check(outcome([tick([{ writes: 20000 }], { events: 0, keys: 11, runs: 0 })])), []);
  assert.equal(check(outcome([tick([{ writes: 20000 }], { events: 0, keys: 10, runs: 0 })])).length, 1);
  assert.equal(check(outcome([tick([{ writes: 20011 }])])).length, 1);
});

Deno.test("nothingLost() reports a key lost in one tick", () => {
  assert.deepEqual(nothingLost(outcome([tick([]), tick([], { events: 0, keys: 1, runs: 0 })])), [
    "0 events and 1 keys were lost",
  ]);
});

Deno.test("printedNumber() returns the number after a word of the workload, or NaN", () => {
  assert.equal(printedNumber(outcome([]), "waits"), 1011);
  assert.ok(Number.isNaN(printedNumber(outcome([]), "absent")));
});
