/**
 * The totals of one tool since the start.
 *
 * @module
 */
import {
  addLost,
  type Distribution,
  type Lost,
  missingFrom,
  NOTHING_LOST,
  type Row,
  type StreamedTick,
} from "../model/mod.ts";
import type { HistogramSeries, Labels, MetricFamily } from "../output/mod.ts";
import { labelValue, SeriesTable } from "./series_table.ts";
import type { Measured } from "./tool_metrics.ts";

/** The label value of rows in which it is unknown. */
const UNKNOWN = "unknown";

/** Buckets of a histogram: as many as the kernel's have slots (HIST_SLOTS in bpf/lib/hist.bpf.h); the last one has no bound. */
const BUCKETS = 32;

/** Numbers of a histogram in a series: the values in each bucket, and their sum in microseconds. */
const HISTOGRAM_SIZE = BUCKETS + 1;

/** The bucket of a duration. Its bounds are 2, 4, 8 … microseconds, each included. */
function bucketOf(us: number): number {
  const above = Math.ceil(us) - 1;
  if (above >= 2 ** BUCKETS) return BUCKETS - 1;
  return above < 1 ? 0 : 31 - Math.clz32(above);
}

/** A histogram of the numbers in a series from `at` on. */
function histogramSeries(
  labels: Labels,
  sums: Float64Array,
  { at, firstUs }: { readonly at: number; readonly firstUs: number },
): HistogramSeries {
  let count = 0;
  const buckets = Array.from({ length: BUCKETS }, (_, i) => {
    count += sums[at + i]!;
    return [firstUs * 2 ** i / 1e6, count] as const;
  });
  return { labels, buckets: buckets.slice(0, -1), count, sum: sums[at + BUCKETS]! / 1e6 };
}

/** Adds up the ticks of one tool. */
export class ToolTotals {
  readonly #measured: Measured;
  readonly #table: SeriesTable;
  #lost: Lost = NOTHING_LOST;

  /** @param limit most series of a metric, beside `other` */
  constructor(measured: Measured, limit: number) {
    this.#measured = measured;
    this.#table = new SeriesTable(
      measured.labels.length,
      measured.counters.length + HISTOGRAM_SIZE * measured.histograms.length,
      limit,
    );
  }

  /** What could not be counted. */
  get lost(): Lost {
    return this.#lost;
  }

  /** Adds an interval. */
  add(tick: StreamedTick): void {
    for (const row of tick.rows) this.#addRow(row, tick.time);
    for (const distribution of tick.distributions ?? []) this.#addDistribution(distribution, tick.time);
    this.#table.endInterval(tick.time);
    this.#lost = addLost(this.#lost, missingFrom(tick));
  }

  /** The totals as metrics. */
  families(): MetricFamily[] {
    const { labels, counters, histograms } = this.#measured;
    const series = this.#table.series().map(({ values, sums }) => ({
      labels: labels.map(({ label }, i) => [label, values[i]!] as const),
      sums,
    }));
    return [
      ...counters.map(({ name, unit, help, perBase }, i): MetricFamily => ({
        name,
        kind: "counter",
        ...(unit === undefined ? {} : { unit }),
        help,
        series: series.map(({ labels, sums }) => ({ labels, value: sums[i]! / perBase })),
      })),
      ...histograms.map(({ name, help, firstUs }, i): MetricFamily => ({
        name,
        kind: "histogram",
        unit: "seconds",
        help,
        series: series.map(({ labels, sums }) => histogramSeries(labels, sums, { at: this.#at(i), firstUs })),
      })),
    ];
  }

  /** Where the numbers of a histogram start in a series. */
  #at(histogram: number): number {
    return this.#measured.counters.length + HISTOGRAM_SIZE * histogram;
  }

  #sumsOf(row: Row, time: number): Float64Array {
    const values = this.#measured.labels.map(({ key }) => labelValue(String(row[key] ?? UNKNOWN)));
    return this.#table.sumsOf(values, time);
  }

  #addRow(row: Row, time: number): void {
    const { counters, histograms } = this.#measured;
    if (counters.length === 0) return;
    const sums = this.#sumsOf(row, time);
    counters.forEach(({ key }, i) => {
      const value = key === null ? 1 : row[key];
      if (typeof value === "number") sums[i]! += value;
    });
    histograms.forEach(({ key, unitUs }, i) => {
      const value = key === null ? null : row[key];
      if (typeof value !== "number") return;
      sums[this.#at(i) + bucketOf(value * unitUs)]! += 1;
      sums[this.#at(i) + BUCKETS]! += value * unitUs;
    });
  }

  #addDistribution({ labels, slots, sumUs }: Distribution, time: number): void {
    const at = this.#measured.histograms.findIndex(({ key }) => key === null);
    if (at < 0) return;
    const sums = this.#sumsOf(labels, time);
    slots.forEach((count, i) => sums[this.#at(at) + i]! += count);
    sums[this.#at(at) + BUCKETS]! += sumUs;
  }
}
