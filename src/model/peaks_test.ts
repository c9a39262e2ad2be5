import assert from "node:assert/strict";
import { modelOf } from "../../tests/support/recordings.ts";
import type { Model, ToolModel } from "./model.ts";
import { joinPeaks, notablePeaks, type PeakLine, type Peaks, peakTimes } from "./peaks.ts";
import { peaksOf } from "./tick_peaks.ts";
import type { Column } from "./columns.ts";
import type { Row, Tick } from "./tick.ts";

/** The model with other rows and columns of its first tool. */
function withRows(rows: readonly Row[], change: Partial<Column> = {}, tick: Partial<Tick> = {}): Model {
  const model = modelOf(5);
  const [first, ...others] = model.tools as [ToolModel, ...ToolModel[]];
  const columns = first.tool.columns.map((column) => column.peak ? { ...column, ...change } : column);
  return {
    ...model,
    tools: [
      { ...first, tool: { ...first.tool, columns }, tick: { ...first.tick!, rows, ...tick } },
      ...others,
    ],
  };
}

Deno.test("peaksOf() has reads per second, the longest latency in microseconds and what was lost", () => {
  const { time, tools } = modelOf(5);
  const { intervalS } = tools[0]!.tick!;
  const events = tools.reduce((sum, { tick }) => sum + tick!.lost.events, 0);
  assert.deepEqual(peaksOf(modelOf(5)), {
    reads: { value: 5 / intervalS, atMs: time },
    latency: { value: 1005, atMs: time },
    lost: { value: events, atMs: time },
  });
  const rows = [{ reads: 7 }, { reads: 11 }, { reads: null }];
  assert.equal(peaksOf(withRows(rows, {}, { intervalS: 2 })).reads?.value, 9);
  assert.equal(peaksOf(withRows(rows, { adds: false }, { intervalS: 1 })).reads?.value, 11);
  assert.equal(peaksOf(withRows(rows, { unit: "kb", peak: "written" }, { intervalS: 2 })).written?.value, 9);
  assert.equal(peaksOf(withRows(rows, { unit: "ms", peak: "latency" })).latency?.value, 11_000);
  const others = tools.slice(1).reduce((sum, { tick }) => sum + tick!.lost.events + tick!.lost.keys, 0);
  const lost = { events: 13, keys: 17, runs: 19 };
  assert.equal(peaksOf(withRows(rows, {}, { lost, droppedRows: 23 })).lost?.value, 53 + others);
  assert.deepEqual(peaksOf({ tools: [], time }), {});
});

Deno.test("joinPeaks() keeps the larger peak of each kind, with its time", () => {
  const one: Peaks = { reads: { value: 3, atMs: 1 }, lost: { value: 2, atMs: 1 } };
  const other: Peaks = {
    reads: { value: 5, atMs: 2 },
    latency: { value: 7, atMs: 2 },
    lost: { value: 2, atMs: 2 },
  };
  const both = { reads: { value: 5, atMs: 2 }, latency: { value: 7, atMs: 2 }, lost: { value: 2, atMs: 1 } };
  assert.deepEqual(joinPeaks(one, other), both);
  assert.deepEqual(joinPeaks({}, one), one);
});

const timesOf = (line: PeakLine): readonly number[] => peakTimes(notablePeaks(line));

/** A line of reads, a part each; null: nothing recorded. */
const lineOf = (values: readonly (number | null)[]) => ({
  fromMs: 0,
  partMs: 1000,
  parts: values.map((value, i) => value === null ? null : { reads: { value, atMs: i * 1000 } }),
});

Deno.test("what is far above the median and near the highest is notable, once for neighbouring parts", () => {
  assert.deepEqual(timesOf(lineOf([9, 10, 90, 100, 95, 10, null, 45, 60, 10, 10, 8, 10, 10])), [
    3000,
    8000,
  ]);
  assert.deepEqual(timesOf(lineOf([10, 12, 9, 11, 13])), []);
  assert.deepEqual(timesOf(lineOf([])), []);
  const marks = notablePeaks(lineOf([1, null, 100, 1]));
  assert.deepEqual(marks, [{}, {}, { reads: { value: 100, atMs: 2000 } }, {}]);
});

Deno.test("every loss is notable where losses are rare, else the highest", () => {
  const parts: readonly Peaks[] = [
    { lost: { value: 1, atMs: 10 } },
    {},
    { lost: { value: 1_000_000, atMs: 2010 } },
    {},
    {},
  ];
  assert.deepEqual(timesOf({ fromMs: 0, partMs: 1000, parts }), [10, 2010]);
  const often = [3, 2, 4, 100, 3].map((value, i) => ({ lost: { value, atMs: i * 1000 } }));
  assert.deepEqual(timesOf({ fromMs: 0, partMs: 1000, parts: often }), [3000]);
});
