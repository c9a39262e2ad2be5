/**
 * The totals of one tool since the start.
 *
 * @module
 */
import { addLost, type Lost, missingFrom, NOTHING_LOST, type Row, type StreamedTick } from "../model/mod.ts";
import type { MetricFamily } from "../output/mod.ts";
import { labelValue, SeriesTable } from "./series_table.ts";
import type { Measured } from "./tool_metrics.ts";

/** The label value of rows in which it is unknown. */
const UNKNOWN = "unknown";

/** Adds up the ticks of one tool. */
export class ToolTotals {
  readonly #measured: Measured;
  readonly #table: SeriesTable;
  #lost: Lost = NOTHING_LOST;

  /** @param limit most series of a metric, beside `other` */
  constructor(measured: Measured, limit: number) {
    this.#measured = measured;
    this.#table = new SeriesTable(measured.labels.length, measured.counters.length, limit);
  }

  /** What could not be counted. */
  get lost(): Lost {
    return this.#lost;
  }

  /** Adds an interval. */
  add(tick: StreamedTick): void {
    for (const row of tick.rows) this.#addRow(row, tick.time);
    this.#table.endInterval(tick.time);
    this.#lost = addLost(this.#lost, missingFrom(tick));
  }

  /** The totals as metrics. */
  families(): MetricFamily[] {
    const { labels, counters } = this.#measured;
    const series = this.#table.series().map(({ values, sums }) => ({
      labels: labels.map(({ label }, i) => [label, values[i]!] as const),
      sums,
    }));
    return counters.map(({ name, unit, help, perBase }, i) => ({
      name,
      kind: "counter",
      ...(unit === undefined ? {} : { unit }),
      help,
      series: series.map(({ labels, sums }) => ({ labels, value: sums[i]! / perBase })),
    }));
  }

  #addRow(row: Row, time: number): void {
    const { labels, counters } = this.#measured;
    const values = labels.map(({ key }) => labelValue(String(row[key] ?? UNKNOWN)));
    const sums = this.#table.sumsOf(values, time);
    counters.forEach(({ key }, i) => {
      const value = key === null ? 1 : row[key];
      if (typeof value === "number") sums[i]! += value;
    });
  }
}
