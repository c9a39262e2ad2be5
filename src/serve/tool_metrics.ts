/**
 * The metrics of a tool, made from its columns.
 *
 * @module
 */
import { type Column, isAddable, isGauge, type MetricLabel, UNITS, unknownReason } from "../model/mod.ts";
import type { Tool, ToolOptions } from "../tools/mod.ts";

/** A counter: the sum of a column over all rows. */
export interface CounterMetric {
  /** Without `_total`: "ktop_filetop_read_bytes". */
  readonly name: string;
  readonly unit?: "bytes" | "seconds";
  readonly help: string;
  /** Key of the column; null: rows are counted. */
  readonly key: string | null;
  /** How many units of the column make one of the metric. */
  readonly perBase: number;
}

/** A column whose values are a label. */
export interface LabelColumn {
  readonly label: MetricLabel;
  readonly key: string;
}

/** What is exported of a tool. */
export interface Measured {
  readonly labels: readonly LabelColumn[];
  readonly counters: readonly CounterMetric[];
}

/** Units at the end of a column's key. */
const UNIT_SUFFIX = /(?:^|_)(?:bytes|us|ms|s)$/;

/** Words of metrics for keys that would read as part of a histogram. */
const WORDS: Readonly<Record<string, string>> = { count: "calls" };

function counterOf(tool: Tool, { key, unit, description }: Column): CounterMetric[] {
  const { metric } = UNITS[unit];
  if (metric === null || metric.base === "ratio") return [];
  const { base, perBase } = metric;
  const word = base === "" ? WORDS[key] ?? key : key.replace(UNIT_SUFFIX, "");
  return [{
    name: ["ktop", tool.name, word, base].filter((part) => part !== "").join("_"),
    ...(base === "" ? {} : { unit: base }),
    help: description.replace(/ (?:of|in) the interval/, ""),
    key,
    perBase,
  }];
}

/** Whether the sum of a column is a metric: not of the durations of events. */
function isCounted(tool: Tool, column: Column): boolean {
  const isDuration = tool.view === "events" && UNITS[column.unit].metric?.base === "seconds";
  return isAddable(column) && !isGauge(column) && !isDuration;
}

/** The metrics of a tool with these options; null: it has none. */
export function metricsOf(tool: Tool, options: ToolOptions): Measured | null {
  // Naming stacks takes more CPU than a service should use, and their sums say little.
  if (tool.flame !== undefined || tool.view === "histogram") return null;
  const known = tool.columns.filter((column) => unknownReason(tool, column, options.flags) === null);
  const columns = known.filter((column) => isCounted(tool, column))
    .flatMap((column) => counterOf(tool, column));
  const events: CounterMetric[] = tool.view === "events"
    ? [{
      name: `ktop_${tool.name}_events`,
      help: `Events of ${tool.name}: ${tool.summary}.`,
      key: null,
      perBase: 1,
    }]
    : [];
  const all = [...events, ...columns];
  // syscount has the time in two units.
  const counters = all.filter(({ name }, i) => all.findIndex((counter) => counter.name === name) === i);
  if (counters.length === 0) return null;
  return {
    labels: known.flatMap(({ key, metricLabel }) =>
      metricLabel === undefined ? [] : [{ label: metricLabel, key }]
    ),
    counters,
  };
}
