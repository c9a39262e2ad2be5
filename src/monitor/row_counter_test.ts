import assert from "node:assert/strict";
import type { Row, RowSelection } from "../model/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { RowCounter } from "./row_counter.ts";

const opensnoop = TOOLS.find(({ name }) => name === "opensnoop")!;
const selection = (change: Partial<RowSelection>): RowSelection => ({
  tool: "opensnoop",
  filter: "",
  test: null,
  by: null,
  order: null,
  ...change,
});
const open = (comm: string, path = "/a"): Row => ({ comm, path, err: 0, pid: 7, tid: 7 });
const isRare = ({ comm }: Row): boolean => comm === "rare";

Deno.test("RowCounter counts and groups the rows that pass its filter, and prefers them", () => {
  const counter = new RowCounter(selection({ filter: "rare", test: () => isRare, by: "path" }), opensnoop);
  const rows = [open("rare"), open("flood"), open("rare", "/b"), open("rare")];
  assert.deepEqual(rows.map(counter.count), [true, false, true, true]);
  const { groups, ...counted } = counter.take(1)!;
  assert.deepEqual(counted, { filter: "rare", by: "path", passed: 3 });
  assert.deepEqual([...groups!.values()].map(({ value, count }) => [value, count]), [["/a", 2], ["/b", 1]]);
  assert.equal(counter.take(1)!.passed, 0);
});

Deno.test("RowCounter prefers no row without a filter", () => {
  const counter = new RowCounter(selection({ by: "comm" }), opensnoop);
  assert.equal(counter.count(open("rare")), false);
});

Deno.test("RowCounter reports nothing for an interval of which events were dropped before", () => {
  const counter = new RowCounter(selection({ by: "comm" }), opensnoop);
  counter.count(open("rare"));
  counter.markIncomplete();
  assert.equal(counter.take(1), null);
  counter.count(open("rare"));
  assert.equal(counter.take(1)?.passed, 1);
});

Deno.test("RowCounter groups a flood of long names in bounded memory, with the rest as one group", () => {
  const counter = new RowCounter(selection({ by: "path" }), opensnoop);
  for (let i = 0; i < 20_000; i++) counter.count(open("x", `${i}`.padEnd(2000, "y")));
  const groups = [...counter.take(1)!.groups!.values()];
  assert.ok(groups.length < 600);
  assert.equal(groups.reduce((sum, { count }) => sum + count, 0), 20_000);
  assert.equal(groups.find(({ value }) => value === "(other)")?.count, 20_000 - groups.length + 1);
});

Deno.test("RowCounter makes the test of its filter again after its lifetime, for the interval of the last tick", async () => {
  const intervals: number[] = [];
  const test = (seconds: number): typeof isRare => {
    intervals.push(seconds);
    return isRare;
  };
  const counter = new RowCounter(selection({ filter: "rare", test }), opensnoop);
  counter.count(open("rare"));
  counter.count(open("rare"));
  counter.take(2);
  assert.deepEqual(intervals, [1]);
  const renewed = async (): Promise<void> => {
    while (intervals.length === 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      counter.count(open("rare"));
    }
  };
  await renewed();
  assert.deepEqual(intervals, [1, 2]);
});
