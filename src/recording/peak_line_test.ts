import assert from "node:assert/strict";
import { PeakCollector } from "./peak_line.ts";

const START = Date.UTC(2026, 10, 20, 18);

Deno.test("PeakCollector keeps the highest values and the gaps of ten days in a bounded number of parts", () => {
  const collector = new PeakCollector(START);
  const minutes = 10 * 24 * 60;
  const isGap = (minute: number): boolean => minute >= 2 * 24 * 60 && minute < 3 * 24 * 60;
  for (let minute = 0; minute < minutes; minute++) {
    if (isGap(minute)) continue;
    const firstMs = START + minute * 60_000;
    const value = minute === 9001 ? 7919 : 1 + minute % 5;
    collector.add({ firstMs, lastMs: firstMs + 59_000, peaks: { reads: { value, atMs: firstMs + 7000 } } });
  }
  const { fromMs, partMs, parts } = collector.line!;
  assert.equal(fromMs, START);
  assert.ok(parts.length <= 1024 && parts.length > 512, `${parts.length} parts`);
  const at = Math.floor((9001 * 60_000 + 7000) / partMs);
  assert.deepEqual(parts[at]?.reads, { value: 7919, atMs: START + 9001 * 60_000 + 7000 });
  assert.equal(Math.max(...parts.filter((_, i) => i !== at).map((part) => part?.reads?.value ?? 0)), 5);
  const dayParts = 86_400_000 / partMs;
  const gaps = parts.flatMap((part, i) => part === null ? [i] : []);
  assert.ok(gaps.length <= dayParts && gaps.length > dayParts - 3, `${gaps.length} of ${dayParts}`);
  assert.ok(gaps.every((i) => i >= Math.floor(2 * dayParts) && i < Math.ceil(3 * dayParts)));
});

Deno.test("PeakCollector leaves out what is before the start, and returns the same line until more is added", () => {
  const collector = new PeakCollector(START);
  assert.equal(collector.line, null);
  collector.add({
    firstMs: START - 9000,
    lastMs: START - 5000,
    peaks: { lost: { value: 3, atMs: START - 6000 } },
  });
  assert.equal(collector.line, null);
  collector.add({
    firstMs: START - 1500,
    lastMs: START + 1500,
    peaks: { lost: { value: 3, atMs: START - 100 } },
  });
  const { line } = collector;
  assert.deepEqual(line, { fromMs: START, partMs: 1000, parts: [{}, {}] });
  assert.equal(collector.line, line);
  collector.add({ firstMs: START + 1600, lastMs: START + 1700, peaks: {} });
  assert.notEqual(collector.line, line);
});

Deno.test("PeakCollector has few parts for any time that a recording may contain", () => {
  const collector = new PeakCollector(-8.64e15);
  collector.add({ firstMs: 8.64e15, lastMs: 8.64e15, peaks: { reads: { value: 1, atMs: 8.64e15 } } });
  assert.ok(collector.line!.parts.length <= 1024);
});
