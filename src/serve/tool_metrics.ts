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

/** A histogram of durations. */
export interface HistogramMetric {
  /** Ends in `_seconds`. */
  readonly name: string;
  readonly help: string;
  /** Key of a column with durations; null: the histograms that the kernel counts. */
  readonly key: string | null;
  /** Microseconds in a unit of the column. */
  readonly unitUs: number;
  /** Upper bound of the first bucket, microseconds; those of the others are twice as much each. */
  readonly firstUs: number;
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
  readonly histograms: readonly HistogramMetric[];
}

/** Units at the end of a column's key. */
const UNIT_SUFFIX = /(?:^|_)(?:bytes|us|ms|s)$/;

/** Words of metrics for keys that would read as part of a histogram. */
const WORDS: Readonly<Record<string, string>> = { count: "calls" };

/** A column's description without what does not hold for a sum since the start, in base units. */
const helpOf = ({ description }: Column): string =>
  description.replace(/ (?:of|in) the interval/, "")
    .replace(/; unknown without .*/, ".")
    .replace(/^(?:Micro|Milli)seconds/, "Time")
    .replace(/ in (?:micro|milli)seconds/, "");

function counterOf(tool: Tool, column: Column): CounterMetric[] {
  const { key, unit } = column;
  const { metric } = UNITS[unit];
  if (metric === null || metric.base === "ratio") return [];
  const { base, perBase } = metric;
  const word = base === "" ? WORDS[key] ?? key : key.replace(UNIT_SUFFIX, "");
  return [{
    name: ["ktop", tool.name, word, base].filter((part) => part !== "").join("_"),
    ...(base === "" ? {} : { unit: base }),
    help: helpOf(column),
    key,
    perBase,
  }];
}

const isAdded = (column: Column): boolean => isAddable(column) && !isGauge(column);

/** Whether a column has the durations of events, which become a histogram. */
const isDuration = (tool: Tool, { unit }: Column): boolean =>
  tool.view === "events" && UNITS[unit].metric?.base === "seconds";

/** The buckets of durations in microseconds end at 2, 4, 8 … */
const FIRST_US = 2;

function histogramOf(tool: Tool, column: Column): HistogramMetric {
  const [counter] = counterOf(tool, column);
  const { name, help, key, perBase } = counter!;
  return { name, help, key, unitUs: 1e6 / perBase, firstUs: FIRST_US };
}

/** The histogram of a tool that counts histograms in the kernel. */
function countedHistogram(tool: Tool, { flags }: ToolOptions): HistogramMetric {
  const summary = `${tool.summary[0]!.toUpperCase()}${tool.summary.slice(1)}`;
  return {
    name: `ktop_${tool.name}_seconds`,
    help: `${summary.replace(/, as (?:a histogram|histograms)$/, "")}.`,
    key: null,
    unitUs: 1,
    firstUs: flags.milliseconds === true ? FIRST_US * 1000 : FIRST_US,
  };
}

/** The metrics of a tool with these options; null: it has none. */
export function metricsOf(tool: Tool, options: ToolOptions): Measured | null {
  // Naming stacks takes more CPU than a service should use, and their sums say little.
  if (tool.flame !== undefined) return null;
  const known = tool.columns.filter((column) => unknownReason(tool, column, options.flags) === null);
  const added = tool.view === "histogram" ? [] : known.filter(isAdded);
  const columns = added.filter((column) => !isDuration(tool, column)).flatMap((column) =>
    counterOf(tool, column)
  );
  const histograms = tool.view === "histogram"
    ? [countedHistogram(tool, options)]
    : added.filter((column) => isDuration(tool, column)).map((column) => histogramOf(tool, column));
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
  if (counters.length + histograms.length === 0) return null;
  return {
    labels: known.flatMap(({ key, metricLabel }) =>
      metricLabel === undefined ? [] : [{ label: metricLabel, key }]
    ),
    counters,
    histograms,
  };
}
