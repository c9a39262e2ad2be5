/**
 * Metrics as text: OpenMetrics 1.0, and the text format 0.0.4 of Prometheus.
 * https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 *
 * @module
 */

/** The two formats. */
export type MetricsFormat = "openmetrics" | "prometheus";

/** The value of `Content-Type` of each format. */
export const METRICS_TYPES: Readonly<Record<MetricsFormat, string>> = {
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
};

/** Labels in the order in which they are written. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** One series. */
export interface Series {
  readonly labels: Labels;
  readonly value: number;
}

/** One histogram. */
export interface HistogramSeries {
  readonly labels: Labels;
  /** Number of values up to each bound, the bounds increasing; without the one for all values. */
  readonly buckets: readonly (readonly [bound: number, count: number])[];
  readonly count: number;
  readonly sum: number;
}

/** What all families have. */
interface Family {
  /** Without `_total` and `_info`; a unit is its last word. */
  readonly name: string;
  /** Base unit; absent: a number of things. */
  readonly unit?: "bytes" | "seconds";
  /** One sentence. */
  readonly help: string;
}

/** Series with the same name. */
export type MetricFamily =
  & Family
  & (
    | { readonly kind: "counter" | "gauge" | "info"; readonly series: readonly Series[] }
    | { readonly kind: "histogram"; readonly series: readonly HistogramSeries[] }
  );

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", '"': '\\"' };

const escapeLabel = (value: string): string => value.replace(/[\\\n"]/g, (character) => ESCAPES[character]!);

/** Quotes are escaped only in OpenMetrics: in the older format a backslash before a quote is part of the help. */
const escapeHelp = (help: string, format: MetricsFormat): string =>
  help.replace(format === "openmetrics" ? /[\\\n"]/g : /[\\\n]/g, (character) => ESCAPES[character]!);

/** A series' labels in braces; empty without labels. */
function labelText(labels: Labels): string {
  if (labels.length === 0) return "";
  return `{${labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(",")}}`;
}

const SUFFIXES: Readonly<Record<MetricFamily["kind"], string>> = {
  counter: "_total",
  gauge: "",
  info: "_info",
  histogram: "",
};

function histogramLines(name: string, { labels, buckets, count, sum }: HistogramSeries): string[] {
  const bucket = (bound: string, number: number): string =>
    `${name}_bucket${labelText([...labels, ["le", bound]])} ${number}`;
  return [
    ...buckets.map(([bound, number]) => bucket(String(bound), number)),
    bucket("+Inf", count),
    `${name}_sum${labelText(labels)} ${sum}`,
    `${name}_count${labelText(labels)} ${count}`,
  ];
}

function familyLines(metric: MetricFamily, format: MetricsFormat): string[] {
  const { name, kind, unit, help } = metric;
  const sampled = `${name}${SUFFIXES[kind]}`;
  // In the older format a family has the name of its samples, and there is no type "info".
  const [family, type] = format === "openmetrics"
    ? [name, kind]
    : [sampled, kind === "info" ? "gauge" : kind];
  return [
    `# HELP ${family} ${escapeHelp(help, format)}`,
    `# TYPE ${family} ${type}`,
    ...(unit !== undefined && format === "openmetrics" ? [`# UNIT ${family} ${unit}`] : []),
    ...(metric.kind === "histogram"
      ? metric.series.flatMap((one) => histogramLines(name, one))
      : metric.series.map(({ labels, value }) => `${sampled}${labelText(labels)} ${value}`)),
  ];
}

/** All families as the body of a response. */
export function metricsText(families: readonly MetricFamily[], format: MetricsFormat): string {
  const lines = families.flatMap((family) => familyLines(family, format));
  if (format === "openmetrics") lines.push("# EOF");
  return lines.map((line) => `${line}\n`).join("");
}
