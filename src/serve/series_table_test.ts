import assert from "node:assert/strict";
import { labelValue, SeriesTable } from "./series_table.ts";

const HOUR = 3_600_000;

/** Adds one interval: amounts by label value. */
function add(table: SeriesTable, time: number, amounts: Readonly<Record<string, number>>): void {
  for (const [value, amount] of Object.entries(amounts)) table.sumsOf([value], time)[0]! += amount;
  table.endInterval(time);
}

const shown = (table: SeriesTable): Record<string, number> =>
  Object.fromEntries(table.series().map(({ values, sums }) => [values[0]!, sums[0]!]));

Deno.test("the largest label values get a series, and other has the rest", () => {
  const table = new SeriesTable(1, 1, 2);
  assert.deepEqual(shown(table), { other: 0 });
  add(table, 1, { a: 2, b: 7, c: 5, d: 3 });
  assert.deepEqual(shown(table), { b: 7, c: 5, other: 5 });
  add(table, 2, { a: 100, b: 1 });
  assert.deepEqual(shown(table), { b: 8, c: 5, other: 105 });
});

Deno.test("10,000 label values stay within the limit, and their sum is right", () => {
  const table = new SeriesTable(1, 1, 100);
  for (let tick = 0; tick < 3; tick++) {
    add(table, tick, Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`c${i}`, i % 7])));
  }
  const series = table.series();
  const expected = 3 * Array.from({ length: 10_000 }, (_, i) => i % 7).reduce((sum, value) => sum + value);
  assert.equal(series.length, 101);
  assert.equal(series.reduce((sum, { sums }) => sum + sums[0]!, 0), expected);
});

Deno.test("no series jumps when an idle one makes way after an hour", () => {
  const table = new SeriesTable(1, 1, 1);
  add(table, 0, { old: 11 });
  add(table, HOUR - 1, { new: 13 });
  assert.deepEqual(shown(table), { old: 11, other: 13 });
  add(table, HOUR, { new: 17 });
  assert.deepEqual(shown(table), { new: 17, other: 13 });
});

Deno.test("a label value named other is counted as other", () => {
  const table = new SeriesTable(1, 1, 5);
  add(table, 0, { other: 3, a: 2 });
  assert.deepEqual(shown(table), { a: 2, other: 3 });
});

Deno.test("without labels there is one series, also before the first interval", () => {
  const table = new SeriesTable(0, 2, 100);
  table.sumsOf([], 0)[1]! += 4;
  table.endInterval(0);
  assert.deepEqual(table.series().map(({ values, sums }) => [values, [...sums]]), [[[], [0, 4]]]);
});

Deno.test("long label values are cut between characters", () => {
  assert.equal(labelValue("a".repeat(256)), "a".repeat(256));
  assert.equal(labelValue("a".repeat(257)), `${"a".repeat(255)}…`);
  assert.equal(labelValue(`${"a".repeat(254)}😀b`), `${"a".repeat(254)}…`);
});
